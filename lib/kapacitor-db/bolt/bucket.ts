import { Damage, onPage } from '../damage.js';
import type { LeafItem } from './page.js';
import { PAGE_HEAD, readPage } from './page.js';
import type { PageReader } from './page-reader.js';

/** One key of a bucket, with the page that holds it. */
export interface BucketItem extends LeafItem {
  readonly page: number;
}

/** A bucket: a tree of pages of its own, or, if it is small, a page inside of another. */
export type Bucket =
  | { readonly kind: 'tree'; readonly root: number }
  | { readonly kind: 'inline'; readonly bytes: Buffer; readonly page: number };

/** Bytes before an inline bucket: the root page, which is 0 then, and a sequence. */
const BUCKET_HEAD = 16;

/**
 * The items of a bucket in the order of their keys. Key and value are valid until the next item is
 * asked for.
 *
 * @throws Damage
 */
export function* itemsOf(pages: PageReader, bucket: Bucket): Generator<BucketItem, void> {
  if (bucket.kind === 'tree') {
    yield* walk(pages, bucket.root, { depth: 0 });
    return;
  }
  const { page, bytes } = bucket;
  const content = onPage(page, () => readPage(bytes));
  if (content.kind === 'branch') throw new Damage('a bucket inside of it has branches', page);
  for (const item of content.items) yield { ...item, page };
}

/**
 * Finds a bucket among the items of another.
 *
 * @throws Damage, also if the name is that of a plain value
 */
export function findBucket(items: Iterable<BucketItem>, name: string): Bucket | undefined {
  const wanted = Buffer.from(name);
  for (const { key, value, isBucket, page } of items) {
    if (!key.equals(wanted)) continue;
    if (!isBucket) throw new Damage(`${name} is no bucket`, page);
    return readBucket(value, page);
  }
  return undefined;
}

function readBucket(value: Buffer, page: number): Bucket {
  if (value.length < BUCKET_HEAD) throw new Damage('a bucket in it is cut off', page);
  const root = Number(value.readBigUInt64LE(0));
  if (root !== 0) return { kind: 'tree', root };
  if (value.length < BUCKET_HEAD + PAGE_HEAD) {
    throw new Damage('a bucket inside of it is cut off', page);
  }
  // A copy: the page's buffer is used again.
  return { kind: 'inline', bytes: Buffer.from(value.subarray(BUCKET_HEAD)), page };
}

/** The place in a tree, and the keys that may be there: from `first` on, and before `end`. */
interface Place {
  readonly depth: number;
  readonly first?: Buffer | undefined;
  readonly end?: Buffer | undefined;
}

function* walk(pages: PageReader, id: number, place: Place): Generator<BucketItem, void> {
  const page = pages.read(id, place.depth);
  if (page.kind === 'leaf') {
    checkKeys(id, page.items, place);
    if (page.items.length === 0 && place.depth > 0) throw new Damage('it has no keys', id);
    for (const item of page.items) yield { ...item, page: id };
    return;
  }
  checkKeys(id, page.children, place);
  for (const [index, { key, page: child }] of page.children.entries()) {
    const end = page.children[index + 1]?.key ?? place.end;
    yield* walk(pages, child, { depth: place.depth + 1, first: key, end });
  }
}

/** Keys ascend in a page; here they are compared with those of the page above. */
function checkKeys(
  id: number,
  keys: readonly { readonly key: Buffer }[],
  { first, end }: Place,
): void {
  const [lowest, highest] = [keys[0]?.key, keys.at(-1)?.key];
  if (lowest === undefined || highest === undefined) return;
  const isLow = first !== undefined && lowest.compare(first) < 0;
  const isHigh = end !== undefined && highest.compare(end) >= 0;
  if (isLow || isHigh) throw new Damage('it holds keys that belong to another page', id);
}
