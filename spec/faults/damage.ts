/** Whole numbers from 0 to below a limit, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const PAGE = 4096;

type Damage = (bytes: Buffer, next: (limit: number) => number) => void;

/** Sets so many bytes, chosen by `at`, to any value. */
function setBytes(most: number, at: (length: number, next: (limit: number) => number) => number) {
  return (bytes: Buffer, next: (limit: number) => number): void => {
    for (let left = 1 + next(most); left > 0; left--) bytes[at(bytes.length, next)] = next(256);
  };
}

const anywhere = (length: number, next: (limit: number) => number): number => next(length);

const pageOf = (length: number, next: (limit: number) => number): number =>
  next(Math.floor(length / PAGE)) * PAGE;

const DAMAGES: readonly Damage[] = [
  setBytes(20, anywhere),
  setBytes(500, anywhere),
  // The heads of pages, and that of the file.
  setBytes(6, (length, next) => pageOf(length, next) + next(100)),
  (bytes, next) => {
    const start = next(bytes.length);
    bytes.subarray(start, start + 1 + next(200)).forEach((_, index, run) => {
      run[index] = next(256);
    });
  },
  (bytes, next) => {
    const start = pageOf(bytes.length, next);
    for (let index = 0; index < PAGE; index++) bytes[start + index] = next(256);
  },
  (bytes, next) => {
    const from = pageOf(bytes.length, next);
    bytes.copy(bytes, pageOf(bytes.length, next), from, from + PAGE);
  },
  (bytes, next) => {
    bytes.fill(0, next(bytes.length));
  },
];

/** A copy of a file that was damaged in one of several ways. */
export function damage(file: Buffer, next: (limit: number) => number): Buffer {
  const bytes = Buffer.from(file);
  DAMAGES[next(DAMAGES.length)]?.(bytes, next);
  return bytes;
}
