import type { ShowPage } from './page.js';
import { changePassword } from './users/change-password.js';
import { changeRights } from './users/change-rights.js';
import { deleteUser } from './users/delete-user.js';
import { endSessions } from './users/end-sessions.js';
import { listUsers } from './users/list.js';
import { addUser, showNewUser } from './users/new-user.js';
import { showUser } from './users/user.js';

/** The pages by path and method, for users who are logged in. */
export const ROUTES: ReadonlyMap<
  string,
  Readonly<Partial<Record<'GET' | 'POST', ShowPage>>>
> = new Map([
  ['/users', { GET: listUsers }],
  ['/users/new', { GET: showNewUser, POST: addUser }],
  ['/user', { GET: showUser }],
  ['/user/rights', { POST: changeRights }],
  ['/user/password', { POST: changePassword }],
  ['/user/sessions', { POST: endSessions }],
  ['/user/delete', { POST: deleteUser }],
]);
