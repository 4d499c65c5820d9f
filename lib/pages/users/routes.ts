import type { ShowPage } from '../page.js';
import { changePassword, changeRights, deleteUser, endSessions, showUser } from './change-user.js';
import { listUsers } from './list-users.js';
import { addUser, showNewUser } from './new-user.js';

/** The pages about users, by path and method. */
export const USER_ROUTES: readonly (readonly [
  string,
  Readonly<Partial<Record<'GET' | 'POST', ShowPage>>>,
])[] = [
  ['/users', { GET: listUsers }],
  ['/users/new', { GET: showNewUser, POST: addUser }],
  ['/user', { GET: showUser }],
  ['/user/rights', { POST: changeRights }],
  ['/user/password', { POST: changePassword }],
  ['/user/sessions', { POST: endSessions }],
  ['/user/delete', { POST: deleteUser }],
];
