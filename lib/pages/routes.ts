import { showAccount } from './account/account.js';
import { changeOwnPassword } from './account/change-own-password.js';
import { endOwnSessions } from './account/end-own-sessions.js';
import { showAudit } from './audit/audit.js';
import type { ShowPage } from './page.js';
import {
  grantSubscription,
  revokeSubscription,
  showSubscriptions,
} from './subscriptions/subscriptions.js';
import { USER_ROUTES } from './users/routes.js';
import { showWhy } from './why/why.js';

/** The answers to requests for a page, by method. */
type Route = Readonly<Partial<Record<'GET' | 'POST', ShowPage>>>;

/** The pages by path and method, for users who are logged in. */
export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...USER_ROUTES,
  ['/subscriptions', { GET: showSubscriptions, POST: grantSubscription }],
  ['/subscriptions/revoke', { POST: revokeSubscription }],
  ['/why', { GET: showWhy }],
  ['/audit', { GET: showAudit }],
  ['/account', { GET: showAccount }],
  ['/account/password', { POST: changeOwnPassword }],
  ['/account/sessions', { POST: endOwnSessions }],
]);
