import type { DatabaseUrl } from '../../database-urls.js';
import { withDeadline } from '../../deadline.js';
import { OverloadedError } from '../../errors.js';
import type { OwnPool } from './own-pool.js';
import { ownPool } from './own-pool.js';
import { noAnswer, noConnection, PostgresFailure } from './postgres-failure.js';
import { PostgresLine } from './postgres-line.js';
import type { PostgresPool, PostgresPoolClient } from './postgres-pool.js';
import { shownPlace } from './shown-place.js';
import type { TlsContext } from './tls-context.js';
import type { WaitingQuestions } from './waiting-questions.js';

/** Milliseconds that a question waits for a connection, at each server. */
const TAKING = 2_000;

/** At most so many questions wait for a connection. */
const MOST_WAITING = 1_000;

/** The origin of connections: servers of which one is the primary, or the pool of the app. */
export type PostgresOrigin =
  { readonly places: readonly DatabaseUrl[] } | { readonly pool: PostgresPool };

/** Options of connections. */
export interface ConnectionsOptions {
  readonly origin: PostgresOrigin;
  /** At most so many connections to a server. */
  readonly most: number;
  readonly tls: TlsContext;
  /** True to use TLS even if the URL doesn't ask for it. */
  readonly useTls: boolean;
}

/** A server, or the app's pool. */
interface Source {
  readonly shown: string;
  readonly pool: PostgresPool;
  readonly own: OwnPool | undefined;
  readonly usesTls: boolean;
}

/** Connections to the primary. */
export class Connections {
  readonly #options: ConnectionsOptions;
  #sources: readonly Source[] | undefined;
  /** The source that had the primary when it was last asked for. */
  #current = 0;
  #waiting = 0;
  /** The number of renewals before a connection was first used. */
  readonly #ages = new WeakMap<PostgresPoolClient, number>();
  #age = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Shows to which databases they lead, without user and password. */
  get shown(): string {
    const { origin } = this.#options;
    return 'pool' in origin ? "of the app's pool" : origin.places.map(shownPlace).join(', ');
  }

  /**
   * Takes a connection, which must be released. The servers are tried in turn, first the one that
   * was the primary last.
   *
   * @param waiting - ends the wait for it, and its statements
   * @throws PostgresFailure if no server can be used; OverloadedError if too many wait;
   *   StoreUnavailableError if pg is not installed
   */
  async take(waiting?: WaitingQuestions): Promise<PostgresLine> {
    const taking = this.takeClient();
    try {
      return new PostgresLine(await (waiting?.wait(taking) ?? taking), waiting);
    } catch (error) {
      // It may still come, and then nobody waits for it.
      taking.then(
        (client) => {
          client.release();
        },
        () => undefined,
      );
      throw error;
    }
  }

  /** As {@link Connections.take}, for one that listens. */
  async takeClient(): Promise<PostgresPoolClient> {
    if (this.#waiting >= MOST_WAITING)
      throw new OverloadedError('too many questions for the user database wait');
    this.#waiting += 1;
    try {
      return await this.#tryAll(this.#open());
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * Uses no connection from before again. Those that nobody uses may lead nowhere without our
   * knowing, as after a failure of the network, and each would cost a question its time.
   *
   * Of an app's pool, only the connections that we had before are known: one that only the app had
   * is used as if it were new, and costs a question its time if it leads nowhere.
   */
  renew(): void {
    this.#age += 1;
  }

  /** Closes all connections that are our own. */
  async close(): Promise<void> {
    const sources = this.#sources ?? [];
    this.#sources = undefined;
    await Promise.all(sources.map(async ({ own }) => own?.close()));
  }

  async #tryAll(sources: readonly Source[]): Promise<PostgresPoolClient> {
    const troubles: string[] = [];
    let kind: PostgresFailure['kind'] = 'connection';
    for (let tried = 0; tried < sources.length; tried += 1) {
      const index = (this.#current + tried) % sources.length;
      const source = sources[index];
      if (source === undefined) continue;
      try {
        if (source.usesTls) await this.#options.tls.refresh();
        const client = await this.#connect(source);
        this.#current = index;
        return client;
      } catch (error) {
        const failure = PostgresFailure.from(error);
        ({ kind } = failure);
        troubles.push(
          sources.length === 1 ? failure.message : `${source.shown} ${failure.message}`,
        );
      }
    }
    throw new PostgresFailure(
      kind,
      sources.length === 1 ? String(troubles[0]) : `has no primary: ${troubles.join('; ')}`,
    );
  }

  async #connect(source: Source): Promise<PostgresPoolClient> {
    for (;;) {
      const client = await connect(source);
      const age = this.#ages.get(client) ?? this.#age;
      this.#ages.set(client, age);
      if (age === this.#age) return client;
      client.release(true);
    }
  }

  #open(): readonly Source[] {
    this.#sources ??= this.#makeSources();
    return this.#sources;
  }

  #makeSources(): readonly Source[] {
    const { origin, most, tls, useTls } = this.#options;
    if ('pool' in origin)
      return [{ shown: this.shown, pool: origin.pool, own: undefined, usesTls: false }];
    return origin.places.map((place) => {
      const usesTls = useTls || place.useTls;
      const own = ownPool({ place, most, tls: usesTls ? tls.optionsFor(place.host) : undefined });
      // Without a listener, a connection that is lost while nobody uses it would end the process.
      own.on('error', () => undefined);
      return { shown: shownPlace(place), pool: own, own, usesTls };
    });
  }
}

async function connect({ pool, own }: Source): Promise<PostgresPoolClient> {
  const connecting = pool.connect();
  let isLate = false;
  connecting.then(
    (client) => {
      if (isLate) client.release();
    },
    () => undefined,
  );
  return withDeadline(connecting, TAKING, () => {
    isLate = true;
    return own === undefined ? noConnection(TAKING) : noAnswer(TAKING);
  });
}
