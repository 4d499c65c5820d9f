import type { MaybePromise } from '../../maybe-promise.js';
import type { EndedSessions } from '../ended-sessions.js';
import { checkEndedSession, isSessionId } from '../rules/ended-session.js';
import type { EndedSessionTable } from './ended-session-table.js';

/** Access of ended sessions to the table of a store. */
export interface EndedSessionAccess {
  readonly read: <T>(question: (sessions: EndedSessionTable) => T) => MaybePromise<T>;
  /** Makes a change whole or not at all, and tells nobody: no user changed. */
  readonly change: <T>(change: (sessions: EndedSessionTable) => T) => Promise<T>;
}

/** The ended sessions of a SQLite store. The database is always asked: it is never late. */
export class SqliteEndedSessions implements EndedSessions {
  readonly #access: EndedSessionAccess;

  constructor(access: EndedSessionAccess) {
    this.#access = access;
  }

  async end(id: string, until: Date): Promise<boolean> {
    checkEndedSession(id, until);
    return this.#access.change((sessions) => sessions.add(id, until));
  }

  isEnded(id: string): MaybePromise<boolean> {
    return isSessionId(id) && this.#access.read((sessions) => sessions.has(id));
  }
}
