import type { Request } from 'express';
import type { Sessions } from '../authenticate/sessions/sessions.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';
import type { SessionCookie } from './cookie.js';
import { cookieValues } from './cookie.js';
import type { Login } from './page.js';

/** Somebody who is logged in. */
export interface Known {
  readonly user: KapacitorUser;
  /** Undefined if everybody is an administrator. */
  readonly login: Login | undefined;
}

/**
 * The user of a request by its cookie; undefined if nobody is logged in.
 *
 * @param sessions - undefined if everybody is an administrator: `http.auth-enabled = false`
 * @throws StoreUnavailableError if that can't be said now
 */
export async function visitorOf(
  request: Request,
  cookie: SessionCookie,
  sessions: Sessions | undefined,
): Promise<Known | undefined> {
  if (sessions === undefined) return { user: ADMIN_USER, login: undefined };
  for (const value of cookieValues(request.headers.cookie, cookie.name)) {
    const session = await sessions.find(value);
    if (session !== undefined) return { user: session.user, login: { sessions, session } };
  }
  return undefined;
}
