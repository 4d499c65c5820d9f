import { OverloadedError } from './errors.js';

/** The length of a slice of work, in milliseconds. */
const SLICE = 2;

/** At most so many jobs may wait for their next slice. */
const MOST_WAITING = 256;

const waiting: (() => void)[] = [];

/**
 * The turn of a long job, which works in slices. Only one slice of all such jobs runs at a time.
 * Between two slices everything else runs: answers, look-ups, timers.
 */
export class Turn {
  readonly #isUrgent: boolean;
  #end = 0;

  private constructor(isUrgent: boolean) {
    this.#isUrgent = isUrgent;
  }

  /** Waits for the first turn. @throws OverloadedError if too many jobs wait */
  static async take(): Promise<Turn> {
    const turn = new Turn(false);
    await turn.pass();
    return turn;
  }

  /**
   * Waits for the first turn of a job that requests wait for. Each store has at most one such job
   * at a time, so it waits for no other job, and is never refused.
   */
  static async takeUrgently(): Promise<Turn> {
    const turn = new Turn(true);
    await turn.pass();
    return turn;
  }

  /** True if the slice is used up. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Lets the others go first, and waits for the next turn.
   *
   * @throws OverloadedError if too many jobs wait
   */
  async pass(): Promise<void> {
    if (this.#isUrgent) await new Promise((resolve) => setImmediate(resolve));
    else await waitForOthers();
    this.#end = performance.now() + SLICE;
  }

  /**
   * Lets the others go first if the slice is used up.
   *
   * @throws OverloadedError if too many jobs wait
   */
  async passIfOver(): Promise<void> {
    if (this.isOver) await this.pass();
  }
}

async function waitForOthers(): Promise<void> {
  if (waiting.length >= MOST_WAITING) {
    throw new OverloadedError('too many lists are being made, try again');
  }
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(startNext);
  });
}

function startNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(startNext);
}

/** Items between two looks at the clock. */
const STEP = 16;

/** Does `items.map(change)` in slices. @throws OverloadedError if too many jobs wait */
export async function mapInTurns<A, B>(
  items: readonly A[],
  change: (item: A) => B,
): Promise<readonly B[]> {
  const turn = await Turn.take();
  const mapped: B[] = [];
  for (const item of items) {
    mapped.push(change(item));
    if (mapped.length % STEP === 0) await turn.passIfOver();
  }
  return mapped;
}

/**
 * Does `items.filter(isMeant)` in slices.
 *
 * @param most - it looks no further once it has found so many; all if left out
 * @throws OverloadedError if too many jobs wait
 */
export async function filterInTurns<A>(
  items: Iterable<A>,
  isMeant: (item: A) => boolean,
  most?: number,
): Promise<readonly A[]> {
  const turn = await Turn.take();
  const found: A[] = [];
  for (const item of items) {
    if (most !== undefined && found.length >= most) break;
    if (isMeant(item)) found.push(item);
    if (turn.isOver) await turn.pass();
  }
  return found;
}

/** Items that are sorted at once. */
const RUN = 512;

/**
 * Sorts items in slices: it sorts runs, then merges them two by two.
 *
 * @param given - the turn of the job that sorts, if it has one
 * @throws OverloadedError if too many jobs wait
 */
export async function sortInTurns<A>(
  items: readonly A[],
  compare: (a: A, b: A) => number,
  given?: Turn,
): Promise<readonly A[]> {
  const turn = given ?? (await Turn.take());
  let runs: (readonly A[])[] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    await turn.passIfOver();
  }
  while (runs.length > 1) {
    const merged: (readonly A[])[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], { compare, turn }));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<A>(
  left: readonly A[],
  right: readonly A[],
  { compare, turn }: { readonly compare: (a: A, b: A) => number; readonly turn: Turn },
): Promise<readonly A[]> {
  const merged: A[] = [];
  let [fromLeft, fromRight] = [0, 0];
  for (;;) {
    const [one, other] = [left[fromLeft], right[fromRight]];
    if (one === undefined && other === undefined) return merged;
    if (other === undefined || (one !== undefined && compare(one, other) <= 0)) {
      if (one !== undefined) merged.push(one);
      fromLeft += 1;
    } else {
      merged.push(other);
      fromRight += 1;
    }
    if (merged.length % RUN === 0) await turn.passIfOver();
  }
}
