import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../logger.js';
import type { Connections } from './connections.js';
import type { PostgresDatabase } from './database.js';
import { SUSPICIOUS } from './database.js';
import type { Beat } from './listening-line.js';
import { ListeningLine } from './listening-line.js';
import { PostgresFailure } from './postgres-failure.js';
import type { RevisionNews } from './revision-news.js';

/** Milliseconds for which an answered heartbeat proves that nothing was missed. */
export const PROOF = 1_500;

/** Milliseconds before the line is made anew: at first, and at most. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 500;

/** Options of a watch. */
export interface ChangeWatchOptions {
  readonly database: PostgresDatabase;
  /** The origin of the line. */
  readonly connections: Connections;
  /** True if the line leads where the questions go, so that it tells if they can be asked. */
  readonly isSameServer: boolean;
  readonly news: RevisionNews;
  readonly logger: Logger;
}

/** Learns of changes over a line of its own, which is made again whenever it is lost. */
export class ChangeWatch {
  readonly #options: ChangeWatchOptions;
  readonly #stopping = new AbortController();
  #freshUntil = -Infinity;
  #cost = 0;
  #notedAt = -Infinity;
  #running: Promise<void> | undefined;
  #isLost = false;

  constructor(options: ChangeWatchOptions) {
    this.#options = options;
  }

  /**
   * The time until which what was found may be believed, in milliseconds of `performance.now()`.
   */
  get freshUntil(): number {
    return this.#freshUntil;
  }

  /** The highest cost of a hash, as far as it is known. */
  get cost(): number {
    return this.#cost;
  }

  /** Notes that a change was made. @param cost - the highest of its hashes; 0 if it has none */
  noteCost(cost: number): void {
    this.#cost = Math.max(this.#cost, cost);
    this.#notedAt = performance.now();
  }

  /** Begins to watch. Resolves once the line was made, or could not be made at first. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#running ??= this.#run(resolve);
    });
  }

  /** Stops for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#options.connections.close();
  }

  async #run(onTried: () => void): Promise<void> {
    const { signal } = this.#stopping;
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      try {
        await this.#watch(() => {
          pause = FIRST_PAUSE;
          onTried();
        });
      } catch (error) {
        this.#lost(error);
      }
      onTried();
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    onTried();
  }

  /** Watches on one line until it is lost. */
  async #watch(onHealthy: () => void): Promise<void> {
    const { database, connections, isSameServer, news, logger } = this.#options;
    const line = await ListeningLine.open({ connections, database, news, logger });
    const stop = (): void => {
      line.close();
    };
    this.#stopping.signal.addEventListener('abort', stop);
    try {
      // It may have been stopped while the line was being made.
      this.#stopping.signal.throwIfAborted();
      // LISTEN, then read, then forget: in this order nothing falls between.
      const { sent, revision } = await this.#beat(line);
      news.restart(revision.number);
      this.#prove(sent, revision.cost);
      onHealthy();
      this.#back();
      for (;;) {
        if (isSameServer) database.answers();
        await line.pause();
        const next = await this.#beat(line);
        news.seen(next.revision.number);
        this.#prove(next.sent, next.revision.cost);
      }
    } finally {
      this.#stopping.signal.removeEventListener('abort', stop);
      line.close();
    }
  }

  /** A heartbeat without an answer is a sign that nobody else gets one. */
  async #beat(line: ListeningLine): Promise<Beat> {
    const { database, isSameServer } = this.#options;
    const suspicion = setTimeout(() => {
      if (isSameServer) void database.suspect();
    }, SUSPICIOUS).unref();
    try {
      return await line.beat();
    } finally {
      clearTimeout(suspicion);
    }
  }

  #prove(sent: number, cost: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#freshUntil = sent + PROOF;
    // What was asked before the last change may lack its hashes.
    this.#cost = sent < this.#notedAt ? Math.max(this.#cost, cost) : cost;
  }

  #lost(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const { database, isSameServer, logger } = this.#options;
    const failure = PostgresFailure.from(error);
    if (isSameServer && failure.kind !== 'answer') database.lineIsLost();
    if (this.#isLost) return;
    this.#isLost = true;
    logger.warn(
      `changes of users by others can't be heard of, so each user is looked up anew: the user database ` +
        `${this.#options.connections.shown} ${failure.message}`,
    );
  }

  #back(): void {
    if (this.#isLost) this.#options.logger.info('changes of users by others are heard of again');
    this.#isLost = false;
  }
}
