/** What the system says of a file that it can't read or write: `ENOENT: no such file or directory`. */
export function fileReason(error: unknown): string {
  return String(error).replace(/^Error: |,[^]*$/g, '');
}
