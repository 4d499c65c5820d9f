import { MisuseError } from '../errors.js';

/** @throws MisuseError when it is neither empty nor an absolute path such as `/svc` */
export function checkBasePath(basePath: string): void {
  if (basePath === '' || /^(?:\/[^/?#%]+)+$/.test(basePath)) return;
  throw new MisuseError(
    `basePath is a path such as "/svc", without a slash at its end, not ${JSON.stringify(basePath)}`,
  );
}

/** What a target is below a base path, in whatever case that is written; the target itself where it is elsewhere. */
export function withoutBase(target: string, basePath: string): string {
  const rest = target.slice(basePath.length);
  const isBelow =
    /^[/?]|^$/.test(rest) &&
    target.slice(0, basePath.length).toLowerCase() === basePath.toLowerCase();
  if (!isBelow) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
