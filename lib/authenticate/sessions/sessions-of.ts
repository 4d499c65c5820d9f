import { sharedMap } from '../../shared-map.js';
import type { Sessions } from './sessions.js';

const bound = sharedMap<Sessions>('sessions.1');

/** Keeps the sessions of a middleware. */
export function bindSessions(auth: object, sessions: Sessions): void {
  bound.set(auth, sessions);
}

/**
 * The sessions of a middleware, for pages; undefined if everybody is an administrator:
 * `http.auth-enabled = false`.
 */
export function sessionsOf(auth: object): Sessions | undefined {
  return bound.get(auth);
}
