import { KapacitorAuthError } from '../../errors.js';
import type { Problems } from '../fields.js';
import { problemList, textField } from '../fields.js';
import { html } from '../html.js';
import type { Asked, Page, Redirect } from '../page.js';
import { changedUsers, seenUsers, tellRefused } from './managed-users.js';
import { newUserMistakes } from './new-user-mistakes.js';
import { newPassword, passwordFields, shownOnce } from './password-fields.js';
import type { TypedRights } from './rights-form.js';
import { NO_RIGHTS, readRights, rightsFields, sentRights } from './rights-form.js';
import { problemsOf } from './user-problems.js';

/** Shows the form for a new user. */
export function showNewUser(asked: Asked): Page {
  seenUsers(asked, { method: 'POST' });
  return formPage(asked, { name: '', rights: NO_RIGHTS, problems: {} });
}

/** Adds a user. */
export async function addUser(asked: Asked): Promise<Page | Redirect> {
  const { form, link } = asked;
  const users = changedUsers(asked, { method: 'POST' });
  const name = form.get('name') ?? '';
  const rights = sentRights(form);
  const mistakes = newUserMistakes(form, seenUsers(asked, { method: 'POST' }));
  if (Object.keys(mistakes).length > 0) {
    return { ...formPage(asked, { name, rights, problems: mistakes }), status: 400 };
  }
  try {
    const { type, permissions, grants, disabled } = readRights(rights);
    const { password, isMade } = newPassword(form);
    const more = { ...(grants.length > 0 && { grants }), ...(disabled && { disabled }) };
    await users.create({ name, password, type, permissions, ...more });
    if (!isMade) return { to: link('/user', { name, done: 'created' }) };
    return {
      title: 'The user was added',
      body: html`${shownOnce(name, password)}
        <p>
          <a href="${link('/user', { name })}">Show the user</a> ·
          <a href="${link('/users/new')}">Add another</a>
        </p>`,
    };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError) || error.status === 501) throw error;
    tellRefused(asked, error);
    const page = formPage(asked, { name, rights, problems: problemsOf(error) });
    return { ...page, status: error.status };
  }
}

interface NewUserForm {
  readonly name: string;
  readonly rights: TypedRights;
  readonly problems: Problems;
}

function formPage({ form, link }: Asked, { name, rights, problems }: NewUserForm): Page {
  return {
    title: 'New user',
    body: html`${problemList(problems)}
      <form method="post" action="${link('/users/new')}" class="card">
        ${textField({ name: 'name', label: 'Name', value: name, problems })}
        ${passwordFields(problems, form.get('generate') === 'yes')}
        ${rightsFields(rights, problems)}
        <button>Add user</button> <a class="button quiet" href="${link('/users')}">Cancel</a>
      </form>`,
  };
}
