import { judgeUsersRequest } from '../../express/users-api/users-path.js';
import type { Problems } from '../fields.js';
import { problemList, textField } from '../fields.js';
import { html } from '../html.js';
import type { Asked, Link, Page, Redirect } from '../page.js';
import { judgedUsers } from './judged.js';
import { passwordFields, readPassword, shownOnce } from './password-fields.js';
import type { RightsForm } from './rights-form.js';
import { changeOf, NO_RIGHTS, readRights, rightsFields } from './rights-form.js';
import { nameProblems, passwordProblems, refusalOf, rightsProblems } from './user-problems.js';
import { usersIn } from './users-in.js';

const ASKED = { method: 'POST', url: '/' } as const;

/** Shows the form for a new user. */
export function showNewUser({ auth, user, link }: Asked): Page {
  judgeUsersRequest(user, ASKED);
  usersIn(auth);
  return page({ link, name: '', rights: NO_RIGHTS, isMade: true, problems: {}, status: 200 });
}

/** Adds a user. */
export async function addUser(asked: Asked): Promise<Page | Redirect> {
  const { auth, user, form, link } = asked;
  judgeUsersRequest(user, ASKED);
  const users = usersIn(auth);
  const name = form.get('name') ?? '';
  const rights = readRights(form);
  const change = changeOf(rights);
  const { password, isMade, problems } = readPassword(form);
  const shown = { link, name, rights, isMade };
  const wrong = {
    ...nameProblems(users, name),
    ...passwordProblems(users, password),
    ...problems,
    ...rightsProblems(users, change),
  };
  if (Object.keys(wrong).length > 0) return page({ ...shown, problems: wrong, status: 400 });
  const refusal = await refusalOf(
    () => judgedUsers(asked, ASKED).create({ name, password, ...change }),
    { ERR_KAUTH_USER_EXISTS: 'name' },
  );
  if (refusal !== undefined) return page({ ...shown, ...refusal });
  if (!isMade) return { to: link('/user', { name, done: 'added' }) };
  return {
    title: 'User added',
    body: html`${shownOnce(name, password)}
      <p><a href="${link('/user', { name })}">Go to this user</a></p>`,
  };
}

interface NewUserForm {
  readonly link: Link;
  readonly name: string;
  readonly rights: RightsForm;
  readonly isMade: boolean;
  readonly problems: Problems;
  readonly status: number;
}

function page({ link, name, rights, isMade, problems, status }: NewUserForm): Page {
  const field = {
    name: 'name',
    label: 'Name',
    hint: 'Letters of any script, digits, and - . _ @',
    value: name,
    problems,
  };
  return {
    status,
    title: 'Add a user',
    body: html`${problemList(problems)}
      <form method="post" action="${link('/users/new')}" class="card">
        <div class="columns">
          <div>${textField(field)} ${passwordFields(problems, isMade)}</div>
          <div>${rightsFields(rights, problems)}</div>
        </div>
        <p class="pager">
          <button>Add the user</button>
          <a class="button quiet" href="${link('/users')}">Cancel</a>
        </p>
      </form>`,
  };
}
