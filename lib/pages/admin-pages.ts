import type { Router } from 'express';
import { MisuseError } from '../errors.js';
import { checkBasePath } from '../express/base-path.js';
import { checkOptions } from '../express/calling.js';
import { ownPolicy } from '../express/own-policy.js';
import type { KapacitorAuth } from '../kapacitor-auth.js';
import { hearEvents } from '../observe/heard-event.js';
import type { AuditTrail } from '../observe/recent-events.js';
import { RecentEvents } from '../observe/recent-events.js';
import type * as PagesRouter from './pages-router.js';

/** The pages are loaded only if they are used. */
declare function require(id: './pages-router.js'): typeof PagesRouter;

/** Options of {@link adminPages}. */
export interface AdminPagesOptions {
  /** The path below which the pages are; `/admin` if left out. */
  readonly basePath?: string | undefined;
  /**
   * The origin that browsers know, such as `https://kapacitor.example`, if a proxy hides it; if
   * left out, each request tells it.
   */
  readonly origin?: string | undefined;
  /**
   * The last refusals and changes, if several processes share them; if left out, those of this
   * process since its start.
   */
  readonly audit?: Pick<AuditTrail, 'recent'> | undefined;
  /**
   * A secret of 32 bytes or more that seals sessions, if several processes share them and there is
   * no `http.shared-secret`; if left out, sessions are of this process alone.
   */
  readonly sessionKey?: string | undefined;
}

/**
 * Pages to manage users, to change one's own password and to see why a request is refused. They are
 * made on the server, without scripts, and have a login of their own, which lasts at most 8 hours.
 * Requests to other paths pass.
 *
 * Users may do there what the users API lets them do. Over plain HTTP the pages answer only on
 * loopback, since a session could be read on its way.
 *
 * They read forms themselves, so they belong before `express.urlencoded()`.
 *
 * @param auth - the result of `kapacitorAuth()`
 * @throws MisuseError if it is something else, or for an option that can't be used
 *
 * @example
 * ```ts
 * const auth = kapacitorAuth();
 * app.use(adminPages(auth, { basePath: '/admin' }));
 * ```
 */
export function adminPages(auth: KapacitorAuth, options: AdminPagesOptions = {}): Router {
  const form = "adminPages(auth, { basePath: '/admin' })";
  const policy = ownPolicy('adminPages', 'app.use(adminPages(auth))', auth);
  checkOptions(form, options, ['basePath', 'origin', 'audit', 'sessionKey']);
  const { basePath = '/admin', origin = '', audit, sessionKey } = options;
  checkBasePath(basePath, '/admin');
  if (basePath === '') throw new MisuseError(`${form}: basePath can't be empty`);
  checkOrigin(origin);
  const { pagesRouter } = require('./pages-router.js');
  return pagesRouter({
    auth,
    policy,
    basePath,
    origin,
    audit: audit ?? ownTrail(auth),
    sessionKey,
  });
}

function ownTrail(auth: KapacitorAuth): RecentEvents {
  const events = new RecentEvents();
  hearEvents(auth, (event) => {
    events.add(event);
  });
  return events;
}

function checkOrigin(origin: string): void {
  if (origin === '' || (URL.canParse(origin) && new URL(origin).origin === origin)) return;
  throw new MisuseError(
    `origin is a scheme, a host and a port, such as "https://kapacitor.example", not ${JSON.stringify(origin)}`,
  );
}
