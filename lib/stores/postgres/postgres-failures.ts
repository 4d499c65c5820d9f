import type { FailureCount, FailureCounter, FailureCounterOptions } from '../failure-counter.js';
import type { PostgresDatabase } from './database.js';

/** Every so many failures, counts whose time is over are removed. */
const CLEAN_EVERY = 256;

/** At most so many are removed at once: more than were added since, so that the table shrinks. */
const REMOVED_AT_ONCE = 1_024;

/**
 * Counts failed logins in the users' database, for all processes on it, by the clock of its server.
 * A crash of the server forgets the counts, as the table is not logged. If a connection is lost
 * before the answer, nothing is counted or taken back twice.
 */
export class PostgresFailures implements FailureCounter {
  readonly #database: PostgresDatabase;
  readonly #options: FailureCounterOptions;
  #sinceCleaning = 0;
  #isCleaning = false;

  constructor(database: PostgresDatabase, options: FailureCounterOptions) {
    this.#database = database;
    this.#options = options;
  }

  async penalty(key: string, points: number): Promise<FailureCount> {
    const failures = this.#table;
    const { rows } = await this.#database.queryOnce(
      `INSERT INTO ${failures} AS f (key, points, expires)
       VALUES ($1, $2, now() + $3 * interval '1 second')
       ON CONFLICT (key) DO UPDATE SET
         points = CASE WHEN f.expires <= now() THEN 0 ELSE f.points END + excluded.points,
         -- No end is further away than a window, also if the clock was set back.
         expires = CASE WHEN f.expires <= now() THEN excluded.expires
           ELSE least(f.expires, excluded.expires) END
       RETURNING points, (extract(epoch FROM expires - now()) * 1000)::float8`,
      [this.#keyOf(key), points, this.#options.duration],
    );
    const [consumedPoints, msBeforeNext] = rows[0] ?? [];
    this.#sinceCleaning += 1;
    // No login waits for this.
    if (this.#sinceCleaning >= CLEAN_EVERY && !this.#isCleaning) void this.#clean();
    return { consumedPoints: Number(consumedPoints), msBeforeNext: Number(msBeforeNext) };
  }

  async reward(key: string, points: number): Promise<void> {
    await this.#database.queryOnce(
      `UPDATE ${this.#table} SET points = greatest(0, points - $2) WHERE key = $1 AND expires > now()`,
      [this.#keyOf(key), points],
    );
  }

  async delete(key: string): Promise<void> {
    await this.#database.query(`DELETE FROM ${this.#table} WHERE key = $1`, [this.#keyOf(key)]);
  }

  get #table(): string {
    return `${this.#database.schema}.failures`;
  }

  #keyOf(key: string): string {
    return `${this.#options.keyPrefix} ${key}`;
  }

  /** Other processes may clean at the same time: none waits for another. */
  async #clean(): Promise<void> {
    this.#sinceCleaning = 0;
    this.#isCleaning = true;
    try {
      await this.#database.query(
        `DELETE FROM ${this.#table} WHERE key = ANY (ARRAY(
           SELECT key FROM ${this.#table} WHERE expires <= now()
           ORDER BY expires LIMIT $1 FOR UPDATE SKIP LOCKED))
         AND expires <= now()`,
        [REMOVED_AT_ONCE],
      );
    } catch {
      // The database notes what ails it. These rows are removed with the next ones.
    } finally {
      this.#isCleaning = false;
    }
  }
}
