import type * as bcrypt from 'bcrypt';

/** The work that bcrypt was asked to do. */
export interface BcryptRuns {
  /** The costs of the comparisons, in order. */
  readonly compared: readonly number[];
  /** The costs of new hashes. */
  readonly hashed: readonly number[];
  /** The most that ran at one time. */
  readonly mostAtOnce: () => number;
  /** Makes every comparison answer this, without work, until forgotten. */
  pretend(answer: boolean): void;
  forget(): void;
}

/** Watches the real bcrypt; use it as `jest.mock('bcrypt', () => watchedBcrypt())`. */
export function watchedBcrypt(): typeof bcrypt & { runs: BcryptRuns } {
  const real = jest.requireActual<typeof bcrypt>('bcrypt');
  const compared: number[] = [];
  const hashed: number[] = [];
  let running = 0;
  let most = 0;
  let pretended: boolean | undefined;
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    running += 1;
    most = Math.max(most, running);
    try {
      return await work;
    } finally {
      running -= 1;
    }
  };
  return {
    ...real,
    compare: (password: string | Buffer, hash: string) => {
      compared.push(Number(hash.slice(4, 6)));
      return pretended === undefined
        ? watch(real.compare(password, hash))
        : Promise.resolve(pretended);
    },
    hash: (password: string | Buffer, cost: string | number) => {
      hashed.push(Number(cost));
      return watch(real.hash(password, cost));
    },
    runs: {
      compared,
      hashed,
      mostAtOnce: () => most,
      pretend: (answer) => {
        pretended = answer;
      },
      forget: () => {
        pretended = undefined;
        compared.length = 0;
        hashed.length = 0;
        most = 0;
      },
    },
  };
}
