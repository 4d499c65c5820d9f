import { withDeadline } from '../../deadline.js';
import { StoreUnavailableError, UserNotFoundError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { GuardedStore } from '../guarded-store.js';
import type { EndedSession } from './ended-here.js';
import { EndedHere } from './ended-here.js';

/** Milliseconds that the store may take to tell if a session was ended. */
const DEADLINE = 5000;

export interface LogOutsParts {
  readonly store: GuardedStore;
  /** Ends all sessions of a user; undefined if the users can't be changed here. */
  readonly endSessions: ((name: string) => Promise<unknown>) | undefined;
}

/** A session to end, and its user. */
export interface EndedByUser extends EndedSession {
  readonly name: string;
}

/** The circumstances of a log-out. */
export interface LogOut {
  /** True if other processes accept the sessions of this one. */
  readonly isShared: boolean;
  /** In milliseconds since 1970. */
  readonly now: number;
  /** Tells if the session still is one of its user. */
  readonly isBound: () => Promise<boolean>;
}

/**
 * Knows which sessions were ended by a log-out. The store remembers them for all processes, if it
 * can; else this process does if no other accepts its sessions; else all sessions of the user are
 * ended. If users can't be changed here either, this process remembers it, and no other learns of
 * it.
 */
export class LogOuts {
  readonly #parts: LogOutsParts;
  readonly #here = new EndedHere();

  constructor(parts: LogOutsParts) {
    this.#parts = parts;
  }

  /** The number of sessions that this process remembers. */
  get size(): number {
    return this.#here.size;
  }

  /** The earliest start that a new session may have. */
  get earliestStart(): number {
    return this.#here.earliestStart;
  }

  /** Returns true if this process knows that a session was ended, without any question. */
  hasHere(session: Pick<EndedSession, 'id' | 'startedAt'>): boolean {
    return this.#here.has(session);
  }

  /**
   * Returns true if the store knows that a session was ended; false if it remembers none.
   *
   * @throws StoreUnavailableError
   */
  has(id: string): MaybePromise<boolean> {
    const { store } = this.#parts;
    const shared = store.store.endedSessions;
    if (shared === undefined) return false;
    return withDeadline(
      store.manage(() => shared.isEnded(id)),
      DEADLINE,
      () => new StoreUnavailableError(`no answer within ${String(DEADLINE)} ms`),
    );
  }

  /**
   * Ends a session.
   *
   * @throws StoreUnavailableError
   */
  async add(session: EndedByUser, { isShared, now, isBound }: LogOut): Promise<void> {
    const { store, endSessions } = this.#parts;
    const shared = store.store.endedSessions;
    if (shared !== undefined) {
      const { id, until } = session;
      if (await store.manage(() => shared.end(id, new Date(until)))) return;
    }
    // This process' memory is enough if no other has to learn of it, or if no other can.
    const isHereEnough = (shared === undefined && !isShared) || endSessions === undefined;
    if (isHereEnough && this.#here.add(session, now)) return;
    if (endSessions === undefined) this.#here.endAll(session, now);
    // An old value must not end the sessions that its user began since.
    else if (await isBound()) await endSessions(session.name).catch(ignoreMissing);
  }
}

/** The sessions of a user who is gone are over. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof UserNotFoundError)) throw error;
}
