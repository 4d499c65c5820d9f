/** Returns the system's reason why a file is unusable: `ENOENT: no such file or directory`. */
export function fileReason(error: unknown): string {
  return String(error).replace(/^Error: |,[^]*$/g, '');
}
