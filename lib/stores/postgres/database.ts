import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from '../../deadline.js';
import { CircuitBreaker } from '../rules/circuit-breaker.js';
import { notOpen } from '../rules/not-open.js';
import type { Connections } from './connections.js';
import { noAnswer, PostgresFailure, unavailable } from './postgres-failure.js';
import type {
  PostgresAnswer,
  PostgresLine,
  PostgresSession,
  PostgresValue,
} from './postgres-line.js';
import { UnknownOutcomeError } from './unknown-outcome.js';
import { WaitingQuestions } from './waiting-questions.js';

/** Milliseconds without an answer after which the database is probed. */
export const SUSPICIOUS = 500;

/** Milliseconds that a probe may take. */
const PROBE = 1_000;

/**
 * Milliseconds between two looks whether the database is back. So many may wait for an answer: one
 * that was asked while it was away must not keep the next one from being asked.
 */
const PROBE_EVERY = 250;
const MOST_PROBES = 4;

/**
 * Begins a change. An instance that was cut off in the midst of it must not keep others waiting:
 * the server ends it.
 */
const BEGIN_CHANGE = `BEGIN; SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '8s';
  SET LOCAL idle_in_transaction_session_timeout = '5s'`;

/** Begins the reading of one moment, whose pages may be read slowly. */
const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL statement_timeout = '10s';
  SET LOCAL idle_in_transaction_session_timeout = '60s'`;

/** Milliseconds that a statement of a change may take, as it may wait for another change. */
const WITHIN_CHANGE = 11_000;

/**
 * The users' database. While it is away, questions are refused at once, and it is looked for in the
 * background.
 */
export class PostgresDatabase implements PostgresSession {
  /** The schema of the tables: a plain name, which needs no quotes. */
  readonly schema: string;
  readonly #connections: Connections;
  readonly #breaker = new CircuitBreaker();
  readonly #closing = new AbortController();
  readonly #waiting = new WaitingQuestions();
  #trouble: PostgresFailure | undefined;
  #isSuspected = false;
  /** It changes with each answer. */
  #answers = 0;

  constructor(connections: Connections, schema: string) {
    this.#connections = connections;
    this.schema = schema;
  }

  /** Shows its place, without user and password. */
  get shown(): string {
    return this.#connections.shown;
  }

  /** True once it is closed for good. */
  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Runs one statement, once more if the connection was lost: so not for one that must not run
   * twice, which is for {@link PostgresDatabase.queryOnce}.
   *
   * @throws StoreUnavailableError; OverloadedError if too many wait for a connection
   */
  async query(
    text: string,
    values?: readonly PostgresValue[],
    within?: number,
  ): Promise<PostgresAnswer> {
    return this.#ask(`${text} ${String(values?.[0])}`, () =>
      this.#onLine((line) => line.query(text, values, within), this.#waiting),
    );
  }

  /**
   * Runs one statement that must not run twice. If the connection is lost, nobody knows if it ran.
   *
   * @throws as {@link PostgresDatabase.query}
   */
  async queryOnce(text: string, values: readonly PostgresValue[]): Promise<PostgresAnswer> {
    return this.#ask(`${text} ${String(values[0])}`, () =>
      this.#onOneLine((line) => line.query(text, values), this.#waiting),
    );
  }

  /**
   * Makes a change whole or not at all. If it resolves to false, nothing is changed. It may begin
   * anew if the connection was lost before the end.
   *
   * @throws StoreUnavailableError, which says so if the change may have been made; OverloadedError;
   *   what the change throws
   */
  async transaction<T>(change: (session: PostgresSession) => Promise<T>): Promise<T> {
    return this.#ask('a change', () =>
      this.#onLine((line) => this.#transact(line, BEGIN_CHANGE, change), this.#waiting),
    );
  }

  /** Reads what holds at one moment. @throws as {@link PostgresDatabase.query} */
  async snapshot<T>(read: (session: PostgresSession) => Promise<T>): Promise<T> {
    return this.#ask('a list', () =>
      this.#onLine((line) => this.#transact(line, BEGIN_SNAPSHOT, read), this.#waiting),
    );
  }

  /** Notes that the database answers, so that questions are asked again. */
  answers(): void {
    this.#answers += 1;
    this.#breaker.succeeded();
  }

  /** Notes that the line to it was lost, or could not be made. */
  lineIsLost(): void {
    this.#connections.renew();
    void this.suspect();
  }

  /**
   * Asks the database something, as there is a sign that it is away. If there is no answer at all,
   * it counts as away at once: who waits for it is refused.
   */
  async suspect(): Promise<void> {
    if (this.#isSuspected || this.#breaker.isOpen || this.isClosed) return;
    this.#isSuspected = true;
    const before = this.#answers;
    try {
      await withDeadline(this.#probe(), PROBE, () => noAnswer(PROBE));
    } catch (error) {
      // If this process stood still, an answer may lie ready to be read.
      await turn();
      const isSilent = this.#answers === before && !this.isClosed;
      if (isSilent && error instanceof PostgresFailure && error.kind !== 'answer')
        this.#isAway(error);
    } finally {
      this.#isSuspected = false;
    }
  }

  /** Closes it for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connections.close();
  }

  async #ask<T>(about: string, question: () => Promise<T>): Promise<T> {
    this.#mustBeOpen();
    if (this.#breaker.isOpen && this.#trouble !== undefined)
      throw unavailable(this.shown, this.#trouble);
    const suspicion = setTimeout(() => void this.suspect(), SUSPICIOUS).unref();
    try {
      const answer = await question();
      this.answers();
      return answer;
    } catch (error) {
      if (!(error instanceof PostgresFailure)) throw error;
      this.#mustBeOpen();
      this.#note(error, about);
      throw unavailable(this.shown, error);
    } finally {
      clearTimeout(suspicion);
    }
  }

  #mustBeOpen(): void {
    if (this.isClosed) throw notOpen();
  }

  /** Runs a question on a connection, and on another one if that turns out to be lost. */
  async #onLine<T>(
    question: (line: PostgresLine) => Promise<T>,
    waiting: WaitingQuestions | undefined,
  ): Promise<T> {
    const line = await this.#connections.take(waiting);
    try {
      return await question(line);
    } catch (error) {
      const isLost = error instanceof PostgresFailure && error.kind === 'connection';
      if (!isLost || this.isClosed || this.#breaker.isOpen) throw error;
    } finally {
      line.release();
    }
    return this.#onOneLine(question, waiting);
  }

  async #onOneLine<T>(
    question: (line: PostgresLine) => Promise<T>,
    waiting: WaitingQuestions | undefined,
  ): Promise<T> {
    const line = await this.#connections.take(waiting);
    try {
      return await question(line);
    } finally {
      line.release();
    }
  }

  async #transact<T>(
    line: PostgresLine,
    begin: string,
    work: (session: PostgresSession) => Promise<T>,
  ): Promise<T> {
    let outcome: T;
    try {
      await line.query(begin);
      outcome = await work({
        query: (text, values, within = WITHIN_CHANGE) => line.query(text, values, within),
      });
    } catch (error) {
      await rollBack(line);
      throw error;
    }
    if (outcome === false) await rollBack(line);
    else await this.#commit(line);
    return outcome;
  }

  async #commit(line: PostgresLine): Promise<void> {
    try {
      await line.commit(WITHIN_CHANGE);
    } catch (error) {
      const failure = PostgresFailure.from(error);
      if (failure.kind === 'answer') throw failure;
      this.#note(failure, 'a change');
      throw new UnknownOutcomeError(this.shown, failure);
    }
  }

  #note(failure: PostgresFailure, about?: string): void {
    if (failure.kind === 'answer') {
      this.answers();
      return;
    }
    this.#trouble = failure;
    const question = failure.kind === 'slow' ? about : undefined;
    if (this.#breaker.failed(question)) this.#refuse(failure);
  }

  #isAway(failure: PostgresFailure): void {
    this.#trouble = failure;
    if (this.#breaker.trip()) this.#refuse(failure);
  }

  /** Refuses all who wait, and looks for the database until it is back. */
  #refuse(failure: PostgresFailure): void {
    this.#connections.renew();
    this.#waiting.end(failure);
    void this.#lookForIt();
  }

  /** Tries to ask the database until it answers. */
  async #lookForIt(): Promise<void> {
    const { signal } = this.#closing;
    let probes = 0;
    for (;;) {
      await delay(PROBE_EVERY, undefined, { signal, ref: false }).catch(() => undefined);
      if (!this.#breaker.isOpen || signal.aborted) return;
      if (probes >= MOST_PROBES) continue;
      probes += 1;
      this.#probe()
        .catch((error: unknown) => {
          if (error instanceof PostgresFailure) this.#trouble = error;
        })
        .finally(() => {
          probes -= 1;
        });
    }
  }

  /** Asks the database something. It is not ended with those that wait for it. */
  async #probe(): Promise<void> {
    await this.#onLine((line) => line.query('SELECT 1', [], PROBE), undefined);
    this.answers();
  }
}

async function rollBack(line: PostgresLine): Promise<void> {
  if (line.isBroken) return;
  try {
    await line.query('ROLLBACK');
  } catch {
    // The line is broken now, and the server rolls back as it ends.
  }
}
