import { appendFileSync } from 'node:fs';

/**
 * The amount that is tried: the one place that reads the switches of a long run.
 *
 * - `KAUTH_NIGHTLY=1` (`npm run test:nightly`): as much as there is time for
 * - `KAUTH_RUNS=N`: so many generated cases a property
 * - `KAUTH_SECONDS=N`: so long for a property of a nightly run, in place of two minutes
 * - `KAUTH_SPEC_ROUNDS=N`: so many rounds where processes are killed
 * - `KAUTH_SEED=N`: generates other cases; a nightly run does so by itself
 */
const { KAUTH_NIGHTLY, KAUTH_RUNS, KAUTH_SECONDS, KAUTH_SPEC_ROUNDS, KAUTH_SEED, KAUTH_TALLY } =
  process.env;

const isNightly = KAUTH_NIGHTLY === '1';

/** Cases of a property in a nightly run, and the milliseconds that it may take for them. */
const NIGHTLY_RUNS = 1_000_000;
const NIGHTLY_TIME = Number(KAUTH_SECONDS ?? 120) * 1000;

/** The seed from which fast-check generates its cases. */
export const seed = Number(KAUTH_SEED ?? (isNightly ? Date.now() % 2 ** 31 : 1));

/** The amount of a property that is tried. */
export interface GeneratedRuns {
  /** Cases at most. */
  readonly numRuns: number;
  /** Cases that are tried however long they take. */
  readonly least: number;
  /** The milliseconds after which no more of them begin, if there is a limit. */
  readonly milliseconds?: number;
}

/** Cases of a property that has this many by default, and how long it may go on, if there is a limit. */
export function generatedRuns(usual: number): GeneratedRuns {
  if (KAUTH_RUNS !== undefined) return { numRuns: Number(KAUTH_RUNS), least: Number(KAUTH_RUNS) };
  if (!isNightly) return { numRuns: usual, least: usual };
  return { numRuns: NIGHTLY_RUNS, least: usual, milliseconds: NIGHTLY_TIME };
}

/** Rounds in which a process is killed. */
export function rounds({ usual, nightly }: { readonly usual: number; readonly nightly: number }) {
  return Number(KAUTH_SPEC_ROUNDS ?? (isNightly ? nightly : usual));
}

/** Adds to what the summary tells. */
export function tally(what: string, count: number): void {
  if (KAUTH_TALLY !== undefined) appendFileSync(KAUTH_TALLY, `${String(count)} ${what}\n`);
}
