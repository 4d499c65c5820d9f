import type { Request } from 'express';
import type { Sessions } from '../authenticate/sessions/sessions.js';
import type { KapacitorAuthError } from '../errors.js';
import type { KapacitorAuth } from '../kapacitor-auth.js';
import type { AuditTrail } from '../observe/recent-events.js';
import type { SessionCookie } from './cookie.js';
import type { Link } from './page.js';

/** A request for something below the base path, before anybody asked who sent it. */
export interface Visit {
  readonly auth: KapacitorAuth;
  /** Undefined if everybody is an administrator: `http.auth-enabled = false`. */
  readonly sessions: Sessions | undefined;
  /** The last refusals and changes. */
  readonly audit: Pick<AuditTrail, 'recent'>;
  readonly request: Request;
  /** Below the base path, such as `/users`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly cookie: SessionCookie;
  readonly link: Link;
  /** Counts a refusal, and tells listeners. */
  readonly report: (error: KapacitorAuthError) => void;
  /** Our origin, as the browser sees it. */
  readonly origin: string;
}
