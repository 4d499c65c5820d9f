import type { Asked, Page, Redirect } from '../page.js';
import { foundUser } from './found-user.js';
import { judgedUsers } from './judged.js';
import { urlOf } from './may-ask.js';
import { userPage } from './user.js';
import { refusalOf } from './user-problems.js';

/** Deletes a user, if the box is ticked that says so. */
export async function deleteUser(asked: Asked): Promise<Page | Redirect> {
  const { form, link } = asked;
  const found = await foundUser(asked);
  const { name } = found;
  if (form.get('sure') !== 'yes') {
    const problems = { sure: 'Tick this box if the user shall go.' };
    return userPage(asked, found, { status: 400, problems });
  }
  const users = judgedUsers(asked, { method: 'DELETE', url: urlOf(name) });
  const refusal = await refusalOf(() => users.delete(name));
  if (refusal !== undefined) return userPage(asked, found, refusal);
  return { to: link('/users', { done: 'deleted' }) };
}
