import type { Asked, Page, Redirect } from '../page.js';
import { foundUser } from './found-user.js';
import { judgedUsers } from './judged.js';
import { urlOf } from './may-ask.js';
import { userPage } from './user.js';
import { refusalOf } from './user-problems.js';

/** Ends all sessions of a user on these pages. */
export async function endSessions(asked: Asked): Promise<Page | Redirect> {
  const found = await foundUser(asked);
  const { name } = found;
  const users = judgedUsers(asked, { method: 'PATCH', url: urlOf(name) });
  const refusal = await refusalOf(() => users.endSessions(name));
  if (refusal !== undefined) return userPage(asked, found, refusal);
  return { to: asked.link('/user', { name, done: 'sessions' }) };
}
