/** Writes databases byte by byte, also such as bolt never makes. */

const HEAD = 16;
const META = 56;

/** The places of a meta's fields in its page. */
const FIELD = { magic: 0, version: 4, pageSize: 8, root: 16, pageCount: 40, transaction: 48 };

/** Writes the checksums of both metas anew, so that a change in them counts. */
export function seal(file: Buffer, pageSize = 4096): Buffer {
  for (const page of [0, pageSize]) {
    if (page + HEAD + META + 8 > file.length) continue;
    const meta = file.subarray(page + HEAD, page + HEAD + META);
    let hash = 0xcbf29ce484222325n;
    for (const byte of meta) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    file.writeBigUInt64LE(hash, page + HEAD + META);
  }
  return file;
}

/** The newest meta of a whole file. */
export function metaOf(file: Buffer, pageSize = 4096) {
  const read = (page: number) => {
    const at = page + HEAD;
    return {
      page: page / pageSize,
      at,
      root: Number(file.readBigUInt64LE(at + FIELD.root)),
      pageCount: Number(file.readBigUInt64LE(at + FIELD.pageCount)),
      transaction: Number(file.readBigUInt64LE(at + FIELD.transaction)),
    };
  };
  const [one, other] = [read(0), read(pageSize)];
  return one.transaction > other.transaction ? one : other;
}

export interface Element {
  readonly key: string;
  /** The page below a branch. */
  readonly page?: number;
  readonly value?: Buffer;
  readonly isBucket?: boolean;
}

/** A page of a branch, if its elements name pages, or of a leaf. */
export function page(id: number, elements: readonly Element[], pageSize = 4096): Buffer {
  const bytes = Buffer.alloc(pageSize);
  const isBranch = elements.some((element) => element.page !== undefined);
  bytes.writeBigUInt64LE(BigInt(id), 0);
  bytes.writeUInt16LE(isBranch ? 1 : 2, 8);
  bytes.writeUInt16LE(elements.length, 10);
  let end = HEAD + elements.length * 16;
  for (const [
    index,
    { key, page: below = 0, value = Buffer.alloc(0), isBucket },
  ] of elements.entries()) {
    const at = HEAD + index * 16;
    const name = Buffer.from(key);
    if (isBranch) {
      bytes.writeUInt32LE(end - at, at);
      bytes.writeUInt32LE(name.length, at + 4);
      bytes.writeBigUInt64LE(BigInt(below), at + 8);
    } else {
      bytes.writeUInt32LE(isBucket === true ? 1 : 0, at);
      bytes.writeUInt32LE(end - at, at + 4);
      bytes.writeUInt32LE(name.length, at + 8);
      bytes.writeUInt32LE(value.length, at + 12);
    }
    end += name.copy(bytes, end);
    end += value.copy(bytes, end);
  }
  return bytes;
}

/** A file whose root bucket, on page 2, has the users' bucket with a root of its own, on page 3. */
export function boltFile(pages: readonly Buffer[], pageSize = 4096): Buffer {
  const bucket = Buffer.alloc(16);
  bucket.writeBigUInt64LE(3n, 0);
  const root = page(2, [{ key: 'user_store', value: bucket, isBucket: true }], pageSize);
  const metas = [0, 1].map((id) => {
    const meta = Buffer.alloc(pageSize);
    meta.writeBigUInt64LE(BigInt(id), 0);
    meta.writeUInt16LE(4, 8);
    meta.writeUInt32LE(0xed0cdaed, HEAD + FIELD.magic);
    meta.writeUInt32LE(2, HEAD + FIELD.version);
    meta.writeUInt32LE(pageSize, HEAD + FIELD.pageSize);
    meta.writeBigUInt64LE(2n, HEAD + FIELD.root);
    meta.writeBigUInt64LE(
      BigInt(3 + Buffer.concat(pages).length / pageSize),
      HEAD + FIELD.pageCount,
    );
    meta.writeBigUInt64LE(BigInt(id + 7), HEAD + FIELD.transaction);
    return meta;
  });
  return seal(Buffer.concat([...metas, root, ...pages]), pageSize);
}
