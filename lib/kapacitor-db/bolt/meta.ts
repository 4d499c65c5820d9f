import { Damage } from '../damage.js';
import type { ByteSource } from './byte-source.js';

/** The head of a database at one time (a meta page of bolt). */
export interface Meta {
  /** Bytes a page: the page size of the machine that made the file. */
  readonly pageSize: number;
  /** The page of the root bucket. */
  readonly root: number;
  /** The number of pages: all page numbers are below it. */
  readonly pageCount: number;
  /** Grows by one with each change of the database. */
  readonly transaction: bigint;
}

/** The first bytes of a meta, little-endian. */
export const MAGIC = 0xed0cdaed;
const VERSION = 2;

/** The beginning of a meta in its page, and the bytes that its checksum covers. */
export const HEADER = 16;
const CHECKED = 56;
const LENGTH = HEADER + CHECKED + 8;

/** The flag of a meta page. */
const META_FLAG = 4;

/** Page sizes: 4 KiB nearly everywhere, 64 KiB on some arm64 and ppc machines. */
export const PAGE_SIZES: readonly number[] = Array.from(
  { length: 15 },
  (_, power) => 1024 << power,
);

/**
 * Reads the newest whole meta: the first two pages have one each, written in turn.
 *
 * @throws Damage if neither is whole
 */
export function newestMeta(source: ByteSource): Meta {
  const first = readMeta(source, { page: 0, offset: 0 });
  const sizes = first === undefined ? PAGE_SIZES : [first.pageSize];
  const second = sizes
    .map((size) => readMeta(source, { page: 1, offset: size }))
    .find((meta, index) => meta !== undefined && meta.pageSize === sizes[index]);
  const newest =
    first !== undefined && second !== undefined && second.transaction > first.transaction
      ? second
      : (first ?? second);
  if (newest === undefined) throw new Damage('neither of the first two pages has a whole head', 0);
  checkBounds(newest, source.size());
  return newest;
}

interface MetaPlace {
  readonly page: number;
  readonly offset: number;
}

/** Reads a meta; undefined if none is there or it isn't whole. */
function readMeta(source: ByteSource, { page, offset }: MetaPlace): Meta | undefined {
  if (offset + LENGTH > source.size()) return undefined;
  const bytes = Buffer.alloc(LENGTH);
  source.read(offset, bytes);
  const meta = bytes.subarray(HEADER);
  const isMeta =
    bytes.readBigUInt64LE(0) === BigInt(page) &&
    bytes.readUInt16LE(8) === META_FLAG &&
    meta.readUInt32LE(0) === MAGIC &&
    meta.readUInt32LE(4) === VERSION &&
    meta.readBigUInt64LE(CHECKED) === fnv64a(meta.subarray(0, CHECKED));
  if (!isMeta) return undefined;
  return {
    pageSize: meta.readUInt32LE(8),
    root: Number(meta.readBigUInt64LE(16)),
    pageCount: Number(meta.readBigUInt64LE(40)),
    transaction: meta.readBigUInt64LE(48),
  };
}

function checkBounds({ pageSize, pageCount }: Meta, size: number): void {
  if (!PAGE_SIZES.includes(pageSize)) {
    throw new Damage(`its pages are said to have ${String(pageSize)} bytes`, 0);
  }
  if (pageCount * pageSize > size) {
    throw new Damage(
      `the file is cut off: ${String(pageCount)} pages of ${String(pageSize)} bytes need more than its ${String(size)} bytes`,
    );
  }
}

/** FNV-64a (draft-eastlake-fnv, section 2). */
function fnv64a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
