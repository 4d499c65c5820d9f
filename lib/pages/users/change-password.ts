import { html } from '../html.js';
import type { Asked, Page, Redirect } from '../page.js';
import { foundUser } from './found-user.js';
import { judgedUsers } from './judged.js';
import { urlOf } from './may-ask.js';
import { readPassword, shownOnce } from './password-fields.js';
import { userPage } from './user.js';
import { passwordProblems, refusalOf } from './user-problems.js';
import { usersIn } from './users-in.js';

/** Gives a user another password, or a random one that is shown once. */
export async function changePassword(asked: Asked): Promise<Page | Redirect> {
  const { auth, form, link } = asked;
  const found = await foundUser(asked);
  const { name } = found;
  const { password, isMade, problems } = readPassword(form);
  const wrong = { ...passwordProblems(usersIn(auth), password), ...problems };
  if (Object.keys(wrong).length > 0) {
    return userPage(asked, found, { status: 400, problems: wrong, isMade });
  }
  const users = judgedUsers(asked, { method: 'PATCH', url: urlOf(name) });
  const refusal = await refusalOf(() => users.update(name, { password }));
  if (refusal !== undefined) return userPage(asked, found, { ...refusal, isMade });
  if (!isMade) return { to: link('/user', { name, done: 'password' }) };
  return {
    title: 'Password changed',
    body: html`${shownOnce(name, password)}
      <p><a href="${link('/user', { name })}">Back to this user</a></p>`,
  };
}
