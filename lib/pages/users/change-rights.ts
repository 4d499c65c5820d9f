import { invalidRequest } from '../../invalid-request.js';
import type { StoredUser } from '../../stores/user-store.js';
import type { Asked, Page, Redirect } from '../page.js';
import { foundUser } from './found-user.js';
import { judgedUsers } from './judged.js';
import { urlOf } from './may-ask.js';
import { changeOf, readRights, versionOf } from './rights-form.js';
import { userPage } from './user.js';
import { refusalOf, rightsProblems } from './user-problems.js';
import { usersIn } from './users-in.js';

const CHANGED_MEANWHILE =
  'somebody else changed this user meanwhile: the fields show the rights as they are now; make your change again';

/** Changes the rights of a user, unless somebody else changed them since the form was shown. */
export async function changeRights(asked: Asked): Promise<Page | Redirect> {
  const { auth, form, link } = asked;
  const found = await foundUser(asked);
  const { name } = found;
  const rights = readRights(form);
  const change = changeOf(rights);
  const problems = rightsProblems(usersIn(auth), change);
  if (Object.keys(problems).length > 0) {
    return userPage(asked, found, { status: 400, problems, rights });
  }
  const seen = { isOther: false };
  const check = (user: StoredUser): void => {
    seen.isOther = versionOf(user) !== form.get('version');
    if (seen.isOther) throw invalidRequest(CHANGED_MEANWHILE);
  };
  const users = judgedUsers(asked, { method: 'PATCH', url: urlOf(name) });
  const refusal = await refusalOf(() => users.update(name, change, { check }));
  if (refusal === undefined) return { to: link('/user', { name, done: 'rights' }) };
  if (!seen.isOther) return userPage(asked, found, { ...refusal, rights });
  return userPage(asked, await foundUser(asked), { ...refusal, status: 409 });
}
