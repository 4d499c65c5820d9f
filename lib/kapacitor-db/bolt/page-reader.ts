import { Damage, onPage } from '../damage.js';
import type { ByteSource } from './byte-source.js';
import type { Meta } from './meta.js';
import type { BranchPage, LeafPage } from './page.js';
import { readPage, readPageHead } from './page.js';

/** Pages below one another; a tree of 2^64 keys needs fewer. */
const MAX_DEPTH = 64;

/** The first two pages are the metas. */
const FIRST_PAGE = 2;

/**
 * Reads the pages of one state of a database, each at most once: so a circle ends, and all
 * buffers together are never larger than the file. There is one buffer a level of the tree, and
 * the next page of the level overwrites it.
 */
export class PageReader {
  readonly #source: ByteSource;
  readonly #meta: Meta;
  readonly #seen: Uint8Array;
  readonly #buffers: Buffer[] = [];

  constructor(source: ByteSource, meta: Meta) {
    this.#source = source;
    this.#meta = meta;
    this.#seen = new Uint8Array(Math.ceil(meta.pageCount / 8));
  }

  /**
   * Reads a page.
   *
   * @param depth - the level below the root: what was read before at this level is void then
   * @throws Damage
   */
  read(id: number, depth: number): BranchPage | LeafPage {
    if (depth > MAX_DEPTH) throw new Damage('the tree of pages is too deep', id);
    this.#mark(id, 0);
    return onPage(id, () => readPage(this.#load(id, depth)));
  }

  #load(id: number, depth: number): Buffer {
    const { pageSize } = this.#meta;
    const head = this.#buffer(depth, pageSize);
    this.#source.read(id * pageSize, head);
    const { id: written, overflow } = readPageHead(head);
    if (written !== id) throw new Damage(`it says that it is page ${String(written)}`);
    if (overflow === 0) return head;
    this.#mark(id, overflow);
    const whole = this.#buffer(depth, pageSize * (overflow + 1));
    this.#source.read(id * pageSize, whole);
    if (readPageHead(whole).overflow !== overflow) throw new Damage('it changes while it is read');
    return whole;
  }

  /** A buffer of that many bytes for a level. */
  #buffer(depth: number, size: number): Buffer {
    const kept = this.#buffers[depth];
    if (kept !== undefined && kept.length >= size) return kept.subarray(0, size);
    const made = Buffer.alloc(size);
    this.#buffers[depth] = made;
    return made;
  }

  /** Notes that a page is read, or the pages that belong to it. */
  #mark(id: number, overflow: number): void {
    if (id < FIRST_PAGE || id + overflow >= this.#meta.pageCount) {
      throw new Damage(
        `page ${String(id + overflow)} is named, but pages are numbered from ${String(FIRST_PAGE)} to ${String(this.#meta.pageCount - 1)}`,
      );
    }
    for (let page = overflow === 0 ? id : id + 1; page <= id + overflow; page += 1) {
      const bit = 1 << (page & 7);
      const bits = this.#seen[page >> 3] ?? 0;
      if ((bits & bit) !== 0) throw new Damage('two places lead to it', page);
      this.#seen[page >> 3] = bits | bit;
    }
  }
}
