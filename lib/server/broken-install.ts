/**
 * Says of an error that a part of the program can't be loaded, and what to do. Node's own text goes
 * on with a list of files.
 */
export function brokenInstall(cause: unknown): Error {
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new Error(
    `a part of this program can't be loaded: ${reason}; install kapacitor-auth again`,
    { cause },
  );
}
