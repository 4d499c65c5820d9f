/** Codes of Node itself and of this package begin with `ERR_`. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;

/**
 * The code of an error of the operating system, such as `ENOENT` or `ECONNREFUSED`; undefined for
 * any other error.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && SYSTEM_CODE.test(code) ? code : undefined;
}
