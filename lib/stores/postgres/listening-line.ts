import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';
import type { Connections } from './connections.js';
import type { PostgresDatabase } from './database.js';
import { PostgresFailure } from './postgres-failure.js';
import { PostgresLine } from './postgres-line.js';
import type { PostgresNotification, PostgresPoolClient } from './postgres-pool.js';
import type { Revision } from './revision.js';
import { announced, channelOf, revisionOf, revisionSql } from './revision.js';
import type { RevisionNews } from './revision-news.js';
import { textOf } from './text-of.js';

/**
 * Milliseconds between two heartbeats, and between two of a line that delivers no notifications.
 */
const BEAT_EVERY = 1_000;
const POLL_EVERY = 50;

/** Milliseconds that a heartbeat may take. After that, the line counts as lost. */
const BEAT = 1_500;

/** Milliseconds after which a line delivers nothing, and between two trials of such a line. */
const TRIAL = 1_000;
const TRIAL_EVERY = 5_000;

/** Options of a line. */
export interface ListeningLineOptions {
  readonly connections: Connections;
  /** Sends what the line should deliver. */
  readonly database: PostgresDatabase;
  readonly news: RevisionNews;
  readonly logger: Logger;
}

/** The answer to a heartbeat. */
export interface Beat {
  /** The time at which it was sent, in milliseconds of `performance.now()`. */
  readonly sent: number;
  readonly revision: Revision;
}

/** A trial whether the line delivers what another connection sends. */
interface Trial {
  readonly payload: string;
  readonly began: number;
  /** The time at which it was sent; undefined before. */
  sent?: number;
}

/**
 * A connection that listens for changes. A pooler may accept `LISTEN` and deliver nothing
 * (PgBouncer that pools transactions), so the line counts as deaf until something was heard over
 * it. A deaf line looks at the revision all the time.
 */
export class ListeningLine {
  readonly #options: ListeningLineOptions;
  readonly #client: PostgresPoolClient;
  readonly #line: PostgresLine;
  readonly #lost = new AbortController();
  readonly #channel: string;
  readonly #beatSql: string;
  #isDeaf = true;
  #trial: Trial | undefined;
  #server: string | undefined;
  #isClosed = false;

  private constructor(client: PostgresPoolClient, options: ListeningLineOptions) {
    const { schema } = options.database;
    this.#options = options;
    this.#line = new PostgresLine(client);
    this.#channel = channelOf(schema);
    this.#beatSql = revisionSql(
      schema,
      'pg_backend_pid()::text',
      `EXISTS (SELECT FROM pg_listening_channels() AS c WHERE c = '${this.#channel}')::text`,
    );
    const lose = (): void => {
      this.#lost.abort();
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', (message) => {
      this.#hear(message);
    });
    this.#client = client;
  }

  /** Makes a line that listens. @throws PostgresFailure if that can't be done */
  static async open(options: ListeningLineOptions): Promise<ListeningLine> {
    const client = await options.connections.takeClient();
    const line = new ListeningLine(client, options);
    try {
      await line.#line.query(`LISTEN ${line.#channel}`);
    } catch (error) {
      line.close();
      throw error;
    }
    return line;
  }

  /** Asks for the revision. @throws PostgresFailure if there is no answer in time */
  async beat(): Promise<Beat> {
    const sent = performance.now();
    const { rows } = await this.#line.query(this.#beatSql, [], BEAT);
    const [row] = rows;
    const revision = revisionOf(row);
    const [, , server, listens] = (row ?? []).map(textOf);
    if (listens !== 'true' || (this.#server !== undefined && server !== this.#server)) {
      this.#isDeaf = true;
      this.#warn();
    }
    this.#server = server;
    // From now on, a process that has nothing else to do may end. Before, somebody waits for it.
    this.#client.unref?.();
    if (!this.#isDeaf) return { sent, revision };
    this.#tryHearing();
    return { sent, revision: await this.#askElsewhere() };
  }

  /**
   * Waits until the next heartbeat is due.
   *
   * @throws PostgresFailure if the line is lost meanwhile
   */
  async pause(): Promise<void> {
    const { signal } = this.#lost;
    try {
      // A line that is tried will be heard of soon: then it need not be asked so often.
      await delay(this.#isDeaf ? POLL_EVERY : BEAT_EVERY, undefined, { signal, ref: false });
    } catch {
      throw new PostgresFailure('connection', 'closed the connection');
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#lost.abort();
    this.#line.discard();
  }

  /**
   * Asks where all questions go. A line that delivers nothing may lead to another database, and
   * what that one says proves nothing.
   */
  async #askElsewhere(): Promise<Revision> {
    const { database } = this.#options;
    try {
      const { rows } = await database.query(revisionSql(database.schema), [], BEAT);
      return revisionOf(rows[0]);
    } catch (error) {
      if (error instanceof PostgresFailure) throw error;
      throw new PostgresFailure('answer', "delivers no notifications, and can't be asked instead");
    }
  }

  #hear({ channel, payload = '' }: PostgresNotification): void {
    if (channel !== this.#channel || this.#isClosed) return;
    if (payload === this.#trial?.payload) {
      this.#isDeaf = false;
      this.#trial = undefined;
    }
    const change = announced(payload);
    if (change !== undefined) this.#options.news.heard(change.number, change.name);
  }

  /** Has another connection send something, unless that was done just now. */
  #tryHearing(): void {
    const now = performance.now();
    const { began = -Infinity, sent = Infinity } = this.#trial ?? {};
    if (now - sent > TRIAL) this.#warn();
    if (now - began < TRIAL_EVERY) return;
    const trial: Trial = { payload: `? ${randomUUID()}`, began: now };
    this.#trial = trial;
    this.#options.database.query('SELECT pg_notify($1, $2)', [this.#channel, trial.payload]).then(
      () => {
        trial.sent = performance.now();
      },
      () => {
        // Nothing was sent, so nothing is to be heard.
        if (this.#trial === trial) this.#trial = undefined;
      },
    );
  }

  #warn(): void {
    warnOnce(
      'WRN_KAUTH_POSTGRES_DEAF',
      `the line to the user database ${this.#options.connections.shown} delivers no notifications, as behind a pooler of ` +
        `transactions, so changes are looked for every ${String(POLL_EVERY)} ms: set store.listen-url to a direct line`,
      this.#options.logger,
    );
  }
}
