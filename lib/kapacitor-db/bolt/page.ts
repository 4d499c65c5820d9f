import { Damage } from '../damage.js';

/** A page of a branch: the pages below it, each with the first key that may be there. */
export interface BranchPage {
  readonly kind: 'branch';
  readonly children: readonly { readonly key: Buffer; readonly page: number }[];
}

/** A page of a leaf: keys with values. */
export interface LeafPage {
  readonly kind: 'leaf';
  readonly items: readonly LeafItem[];
}

export interface LeafItem {
  readonly key: Buffer;
  readonly value: Buffer;
  /** True if the value is a bucket and no plain value. */
  readonly isBucket: boolean;
}

/** The head of a page. */
export interface PageHead {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  /** The number of pages that follow and belong to this one. */
  readonly overflow: number;
}

/** Bytes of a page's head, and of the head of each element in it. */
export const PAGE_HEAD = 16;
const ELEMENT_HEAD = 16;

const BRANCH = 1;
const LEAF = 2;

export function readPageHead(bytes: Buffer): PageHead {
  return {
    id: Number(bytes.readBigUInt64LE(0)),
    flags: bytes.readUInt16LE(8),
    count: bytes.readUInt16LE(10),
    overflow: bytes.readUInt32LE(12),
  };
}

/**
 * Reads what a page holds. Keys and values are parts of the given bytes, not copies.
 *
 * @param bytes - the whole page with what belongs to it, or an inline bucket without its head
 * @throws Damage
 */
export function readPage(bytes: Buffer): BranchPage | LeafPage {
  const { flags, count } = readPageHead(bytes);
  if (flags !== BRANCH && flags !== LEAF) {
    throw new Damage(`it is neither a branch nor a leaf, but of kind ${String(flags)}`);
  }
  if (PAGE_HEAD + count * ELEMENT_HEAD > bytes.length) {
    throw new Damage(`${String(count)} elements are more than fit in`);
  }
  if (flags === LEAF) return { kind: 'leaf', items: readItems(bytes, count) };
  if (count === 0) throw new Damage('it is a branch with nothing below');
  return { kind: 'branch', children: readChildren(bytes, count) };
}

function readChildren(bytes: Buffer, count: number): BranchPage['children'] {
  const parts = new Parts(bytes, count);
  return Array.from({ length: count }, (_, index) => {
    const at = PAGE_HEAD + index * ELEMENT_HEAD;
    const [key] = parts.take(at + bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), 0);
    return { key, page: Number(bytes.readBigUInt64LE(at + 8)) };
  });
}

function readItems(bytes: Buffer, count: number): LeafPage['items'] {
  const parts = new Parts(bytes, count);
  return Array.from({ length: count }, (_, index) => {
    const at = PAGE_HEAD + index * ELEMENT_HEAD;
    const flags = bytes.readUInt32LE(at);
    if (flags > 1) throw new Damage(`an element has the unknown flags ${String(flags)}`);
    const [keySize, valueSize] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    const [key, value] = parts.take(at + bytes.readUInt32LE(at + 4), keySize, valueSize);
    return { key, value, isBucket: flags === 1 };
  });
}

/** The keys and values behind the heads of a page: in their order, and none over another. */
class Parts {
  readonly #bytes: Buffer;
  #end: number;
  #key: Buffer | undefined;

  constructor(bytes: Buffer, count: number) {
    this.#bytes = bytes;
    this.#end = PAGE_HEAD + count * ELEMENT_HEAD;
  }

  /** A key and the value behind it. @throws Damage */
  take(start: number, keySize: number, valueSize: number): readonly [Buffer, Buffer] {
    const middle = start + keySize;
    const end = middle + valueSize;
    if (end > this.#bytes.length) throw new Damage('an element reaches beyond the page');
    if (start < this.#end) throw new Damage('two elements overlap');
    const key = this.#bytes.subarray(start, middle);
    if (keySize === 0 || (this.#key !== undefined && this.#key.compare(key) >= 0)) {
      throw new Damage("its keys don't ascend");
    }
    this.#end = end;
    this.#key = key;
    return [key, this.#bytes.subarray(middle, end)];
  }
}
