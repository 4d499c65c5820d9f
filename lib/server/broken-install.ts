/** Packages that the app installs, not this one. */
const PEER = /^Cannot find (?:module|package) '(express|pg)['/]/;

/**
 * Says of an error that a part of the program can't be loaded, and what to do. Node's own text goes
 * on with a list of files.
 */
export function brokenInstall(cause: unknown): Error {
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const peer = PEER.exec(reason)?.[1];
  const advice =
    peer === undefined
      ? 'install kapacitor-auth again'
      : `install it beside kapacitor-auth: npm install ${peer}`;
  return new Error(`a part of this program can't be loaded: ${reason}; ${advice}`, { cause });
}
