import { MisuseError } from '../errors.js';

/** @throws MisuseError unless it is empty or an absolute path such as `/svc` */
export function checkBasePath(basePath: string, example = '/svc'): void {
  if (basePath === '' || /^(?:\/[^/?#%]+)+$/.test(basePath)) return;
  throw new MisuseError(
    `basePath is a path such as "${example}", without a slash at its end, not ${JSON.stringify(basePath)}`,
  );
}

/**
 * The part of a target below a base path, whose case doesn't matter. A target elsewhere stays as it
 * is.
 */
export function withoutBase(target: string, basePath: string): string {
  const rest = target.slice(basePath.length);
  const isBelow =
    /^[/?]|^$/.test(rest) &&
    target.slice(0, basePath.length).toLowerCase() === basePath.toLowerCase();
  if (!isBelow) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
