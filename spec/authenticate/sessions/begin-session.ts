import type { Session, Sessions } from '../../../lib/authenticate/sessions/sessions.js';
import { sessionsOf } from '../../../lib/authenticate/sessions/sessions-of.js';
import type { KapacitorAuth } from '../../../lib/index.js';

/** A request that brought a name and a password. */
export const loginRequest = { headers: {}, method: 'POST', url: '/admin/login' };

/** The sessions of a middleware. */
export function sessionsFor(auth: KapacitorAuth): Sessions {
  const sessions = sessionsOf(auth);
  if (sessions === undefined) throw new Error('this middleware has no sessions');
  return sessions;
}

/** A session of amy, as `openAuth` knows her. */
export function beginSession(
  auth: KapacitorAuth,
): Promise<{ readonly session: Session; readonly value: string }> {
  return sessionsFor(auth).begin('amy', 'amy-pw', loginRequest);
}
