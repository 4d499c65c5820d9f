import { withDeadline } from '../../deadline.js';
import { cancelStatement } from './cancel-statement.js';
import { noAnswer, PostgresFailure } from './postgres-failure.js';
import type { PostgresPoolClient, PostgresReply } from './postgres-pool.js';
import type { WaitingQuestions } from './waiting-questions.js';

/** A value in a statement, in place of `$1`, `$2` and so on. */
export type PostgresValue = string | number | null | readonly string[];

/** The answer to a statement: its rows, as lists of columns, and how many rows it changed. */
export interface PostgresAnswer {
  readonly rows: readonly (readonly unknown[])[];
  readonly count: number;
}

/** Something that statements can be run on: the database, or one of its connections. */
export interface PostgresSession {
  /**
   * Runs one statement.
   *
   * @param within - milliseconds that it may take
   * @throws StoreUnavailableError (PostgresFailure within a transaction)
   */
  query(text: string, values?: readonly PostgresValue[], within?: number): Promise<PostgresAnswer>;
}

/** Milliseconds that a statement may take. */
const STATEMENT = 2_000;

/** A connection in use. Statements have no names, as a pooler may give each another connection. */
export class PostgresLine implements PostgresSession {
  readonly #client: PostgresPoolClient;
  readonly #waiting: WaitingQuestions | undefined;
  #isBroken = false;

  /** @param waiting - ends its statements; left out if only their time limit does */
  constructor(client: PostgresPoolClient, waiting?: WaitingQuestions) {
    this.#client = client;
    this.#waiting = waiting;
  }

  /** True after a failure that leaves the connection in an unknown state. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Runs one statement. One that is given up is ended on the server too. */
  async query(
    text: string,
    values: readonly PostgresValue[] = [],
    within: number = STATEMENT,
  ): Promise<PostgresAnswer> {
    const statement = { isOver: false };
    const over = (): void => {
      statement.isOver = true;
    };
    const asked = this.#client.query({ text, values: [...values], rowMode: 'array' });
    asked.then(over, over);
    try {
      const { rows, rowCount } = await this.#answerTo(asked, within);
      return { rows, count: rowCount ?? 0 };
    } catch (error) {
      if (!statement.isOver) cancelStatement(this.#client);
      throw error;
    }
  }

  /**
   * Saves a change. It goes on if it is given up: a server that is told to give up waits for no
   * standby any more, and shows a change that a fail-over would lose.
   */
  async commit(within: number): Promise<void> {
    const asked = this.#client.query({ text: 'COMMIT', values: [], rowMode: 'array' });
    await this.#answerTo(asked, within);
  }

  /** Gives the connection back, or closes it if it is broken. */
  release(): void {
    this.#client.release(this.#isBroken);
  }

  /** Closes the connection. */
  discard(): void {
    this.#client.release(true);
  }

  async #answerTo(asked: Promise<PostgresReply>, within: number): Promise<PostgresReply> {
    try {
      const answer = this.#waiting?.wait(asked) ?? asked;
      return await withDeadline(answer, within, () => noAnswer(within));
    } catch (error) {
      const failure = PostgresFailure.from(error);
      this.#isBroken ||= failure.kind !== 'answer';
      throw failure;
    }
  }
}
