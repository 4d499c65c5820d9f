const PAGE = 'https://github.com/kapacitor-auth/kapacitor-auth/blob/main/docs/troubleshooting.md';

/**
 * The address of the section that docs/troubleshooting.md has for a code.
 *
 * @param code - of an error (`ERR_KAUTH_CONFIG`) or a warning (`WRN_KAUTH_NO_USERS`)
 */
export function helpFor(code: string): string {
  return `${PAGE}#${code.toLowerCase()}`;
}
