import { Damage } from '../damage.js';

/** The longest number in bytes. */
const NUMBER_BYTES = 8;

/** At most so many values: a user with all the databases that fit into a record has fewer. */
const MOST_VALUES = 200_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes of a gob stream, read one thing after another (Go's `encoding/gob`, "Encoding Details").
 * All methods throw Damage if the bytes end before.
 */
export class GobBytes {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The number of bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next bytes: a part of those given, not a copy. */
  take(count: number): Uint8Array {
    if (count > this.left) throw new Damage('a value in it is cut off');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }

  /** Counts a value that is read: some take far more memory than their bytes. */
  countValue(): void {
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new Damage('it holds too many values');
  }

  /** A number of things that follow, each at least a byte long. */
  count(): number {
    const count = this.uint();
    if (count > this.left) throw new Damage('a value in it is cut off');
    return count;
  }

  uint(): number {
    let number = 0;
    for (const byte of this.#numberBytes()) number = number * 256 + byte;
    if (!Number.isSafeInteger(number)) throw new Damage('a number in it is too large');
    return number;
  }

  /** A number with a sign, which is its last bit. */
  int(): number {
    const number = this.uint();
    const half = Math.floor(number / 2);
    return number % 2 === 0 ? half : -half - 1;
  }

  /** A floating-point number: its bytes as a number, the last first. */
  float(): number {
    const bytes = Buffer.alloc(NUMBER_BYTES);
    const given = this.#numberBytes();
    bytes.set(given, NUMBER_BYTES - given.length);
    return bytes.readDoubleLE(0);
  }

  bytes(): Uint8Array {
    return this.take(this.count());
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new Damage('a text in it is not UTF-8');
    }
  }

  /** One byte below 128, or the negated number of bytes and these, the highest first. */
  #numberBytes(): Uint8Array {
    const first = this.take(1);
    const [byte = 0] = first;
    if (byte < 0x80) return first;
    const count = 0x100 - byte;
    if (count > NUMBER_BYTES) throw new Damage('a number in it is too long');
    return this.take(count);
  }
}
