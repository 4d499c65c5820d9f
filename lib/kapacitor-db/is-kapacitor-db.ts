import { HEADER, MAGIC, PAGE_SIZES } from './bolt/meta.js';

/**
 * Returns true if a file begins like a database of Kapacitor, or like a backup of one: by the magic
 * of bolt in its first page, or in the second if the first is damaged.
 *
 * @param head - the beginning of the file: 64 KiB and a few bytes show all, 4 KiB nearly all
 */
export function isKapacitorDb(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [0, ...PAGE_SIZES].some(
    (page) => page + HEADER + 4 <= head.byteLength && view.getUint32(page + HEADER, true) === MAGIC,
  );
}
