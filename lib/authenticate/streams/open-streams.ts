import type { KapacitorAuthError } from '../../errors.js';
import { StoreUnavailableError } from '../../errors.js';
import type { Reporter } from '../../observe/reporter.js';
import { Turn } from '../../turns.js';
import type { Authenticator } from '../authenticator.js';
import type { GuardedStore } from '../guarded-store.js';
import type { CachedUser, UserCache } from '../user-cache.js';
import type { FindUser } from './judge-again.js';
import { judgeAgain, STREAMS_LANE } from './judge-again.js';
import type { OpenStreamParts } from './open-stream.js';
import { OpenStream } from './open-stream.js';
import { bringsCredentialsOf } from './own-credentials.js';
import { StreamsByName } from './streams-by-name.js';

/** Milliseconds between two looks at all streams. */
const EVERY = 1000;

/** Milliseconds that a stream goes on while nobody can say if it may. */
const GRACE = 30_000;

/** Users that are looked up at a time. */
const CONCURRENCY = 8;

export interface OpenStreamsParts {
  readonly users: UserCache;
  readonly authenticator: Authenticator;
  readonly store: GuardedStore;
  readonly reporter: Reporter;
  readonly sharedSecret: string;
  /** Milliseconds (`auth.stale-if-error`). */
  readonly staleIfError: number;
}

/**
 * The requests that go on: ends those whose user may no longer be there. A change of a user puts
 * the streams of that user in doubt, and so does time: when what was known of the user expires,
 * when the source can no longer prove that it is up to date, when a token expires. A stream in
 * doubt is judged again. While nobody can say if it may go on, it does so for a while only.
 */
export class OpenStreams {
  readonly #parts: OpenStreamsParts;
  readonly #streams = new StreamsByName();
  /** By their keys. */
  readonly #doubted = new Map<string, Set<OpenStream>>();
  #running = 0;
  #isScheduled = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;

  constructor(parts: OpenStreamsParts) {
    this.#parts = parts;
  }

  /** The number of streams. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * Adds a request that was let in. A change between its judgement and this call is not missed.
   *
   * @returns a function that removes it
   */
  add(given: Omit<OpenStreamParts, 'sent' | 'isSession'>): () => void {
    if (this.#isClosed) return () => undefined;
    const { request, user } = given;
    const sent = {
      headers: { authorization: request.headers.authorization },
      url: request.url,
    };
    const known = this.#parts.authenticator.known(sent);
    const isOwn = known !== undefined && (user === undefined || user.name === known.user.name);
    const isSession =
      !isOwn && user !== undefined && !bringsCredentialsOf(user, sent, this.#parts.sharedSecret);
    const stream = new OpenStream({ ...given, user: user ?? known?.user, sent, isSession });
    this.#streams.keep(stream);
    if (isOwn) {
      stream.known = known;
      stream.until = known.expiresAt;
    }
    // Users are resolved anew after a change.
    const isCurrent = isOwn && (user === undefined || user === known.user);
    if (!isCurrent) this.#doubt(stream, GRACE + this.#parts.staleIfError);
    this.#arm(Math.min(EVERY, stream.tokenLeft));
    return () => {
      this.#remove(stream);
    };
  }

  /** Puts the streams of a user that changed in doubt; all if no name is given. */
  changed(name?: string): void {
    const concerned = name === undefined ? this.#streams.all : this.#streams.concernedBy(name);
    for (const stream of concerned) this.#doubt(stream, GRACE);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#streams.clear();
    this.#doubted.clear();
  }

  #remove(stream: OpenStream): boolean {
    this.#settle(stream);
    return this.#streams.delete(stream);
  }

  #settle(stream: OpenStream): void {
    const group = this.#doubted.get(stream.key);
    group?.delete(stream);
    if (group?.size === 0) this.#doubted.delete(stream.key);
  }

  #doubt(stream: OpenStream, grace: number): void {
    stream.deadline = Math.min(stream.deadline, performance.now() + grace);
    const group = this.#doubted.get(stream.key) ?? new Set();
    this.#doubted.set(stream.key, group.add(stream));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // A change is told before it is acknowledged, and some changes are told twice.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#work();
    });
  }

  #work(): void {
    while (this.#running < CONCURRENCY) {
      const [next] = this.#doubted;
      if (next === undefined) return;
      const [key, group] = next;
      this.#doubted.delete(key);
      this.#running += 1;
      void this.#judgeAll(group).finally(() => {
        this.#running -= 1;
        this.#work();
      });
    }
  }

  /** Judges streams in slices. */
  async #judgeAll(group: ReadonlySet<OpenStream>): Promise<void> {
    const { users } = this.#parts;
    const found = new Map<string, Promise<CachedUser | undefined>>();
    const find = async (name: string): Promise<CachedUser | undefined> => {
      const finding = found.get(name) ?? (async () => users.find(name, { lane: STREAMS_LANE }))();
      found.set(name, finding);
      return finding;
    };
    const turn = await Turn.takeUrgently();
    for (const stream of group) {
      if (stream.isOver) this.#remove(stream);
      if (this.#streams.has(stream)) await this.#judge(stream, find);
      await turn.passIfOver();
    }
  }

  async #judge(stream: OpenStream, find: FindUser): Promise<void> {
    stream.isJudged = true;
    try {
      const verdict = await judgeAgain(stream, find, this.#parts.authenticator);
      // Its user may be known only now.
      if (this.#streams.has(stream)) this.#streams.keep(stream);
      if (verdict !== true) this.#revoke(stream, verdict);
      // A change that was told meanwhile is judged next.
      else if (this.#doubted.get(stream.key)?.has(stream) !== true) stream.deadline = Infinity;
      this.#arm(Math.min(EVERY, stream.tokenLeft));
    } catch {
      // Nobody can say now: it is tried again at the next look at all streams.
      stream.until = 0;
    } finally {
      stream.isJudged = false;
    }
  }

  #revoke(stream: OpenStream, reason: KapacitorAuthError): void {
    if (!this.#remove(stream)) return;
    const { reporter } = this.#parts;
    const { request, listener } = stream.parts;
    const ms = Math.round(performance.now() - stream.began);
    reporter.revoked(reason, request, { user: stream.name, ms });
    reporter.events.call('onRevoked', () => listener(reason));
  }

  #arm(delay: number): void {
    if (this.#streams.size === 0 || this.#isClosed) return;
    const at = performance.now() + Math.max(0, delay);
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Infinity;
        this.#look();
      },
      Math.max(0, delay),
    ).unref();
  }

  #look(): void {
    const { users, store, staleIfError } = this.#parts;
    // Lets a source learn of changes that others made while this process stood still.
    void store.catchUp();
    const now = performance.now();
    const { freshUntil } = users;
    let next = EVERY;
    for (const stream of this.#streams.all) {
      const { tokenLeft, until } = stream;
      if (stream.isOver) this.#remove(stream);
      else if (now >= stream.deadline) this.#revoke(stream, unconfirmed());
      else if (!stream.isJudged && (tokenLeft <= 0 || now >= Math.min(until, freshUntil)))
        this.#doubt(stream, GRACE + staleIfError);
      if (tokenLeft > 0) next = Math.min(next, tokenLeft);
    }
    this.#arm(next);
  }
}

function unconfirmed(): StoreUnavailableError {
  return new StoreUnavailableError(
    'for too long nobody could say if the user of a running request may still be there',
  );
}
