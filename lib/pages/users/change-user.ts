import { KapacitorAuthError, MisuseError, UserNotFoundError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import { problemList } from '../fields.js';
import { html } from '../html.js';
import type { Asked, Page, Redirect } from '../page.js';
import { problemPage, problemText } from '../problem.js';
import { changedUsers, seenUsers, tellRefused } from './managed-users.js';
import { isOwn, loggedOut, logsOut, missingTick, refuseOwnPassword } from './own-user.js';
import { newPassword, shownOnce } from './password-fields.js';
import type { MarkedUser } from './rights-form.js';
import { changedRights, markOf, readRights, sentRights } from './rights-form.js';
import type { UserForm, UserPageState } from './user-page.js';
import { rightsForm, userPage } from './user-page.js';
import { problemsOf } from './user-problems.js';

/** Shows one user. */
export async function showUser(asked: Asked): Promise<Page> {
  const name = nameOf(asked);
  const users = seenUsers(asked, { method: 'GET', name });
  const user = await withTimes(users, name);
  return user === undefined ? missing() : userPage(asked, user);
}

const MEANWHILE =
  'Somebody else changed this user after you opened the page. The form shows how it is now; what you wanted stands beside it.';

/** Changes type, permissions, grants and whether the user may log in. */
export async function changeRights(asked: Asked): Promise<Page | Redirect> {
  const { form, link } = asked;
  const name = nameOf(asked);
  const users = changedUsers(asked, { method: 'PATCH', name });
  const rights = sentRights(form);
  const meanwhile = { isChanged: false };
  const checkMark = (user: MarkedUser): void => {
    meanwhile.isChanged = markOf(user) !== form.get('was');
    if (meanwhile.isChanged) throw invalidRequest('changed meanwhile');
  };
  try {
    const present = await seenUsers(asked, { method: 'PATCH', name }).get(name);
    if (present === undefined) return missing();
    const wanted = readRights(rights);
    checkMark(present);
    const changes = changedRights(present, wanted);
    const out = isOwn(asked, name) ? logsOut(changes) : undefined;
    if (out !== undefined) {
      const problems = missingTick('own-rights', asked);
      if (Object.keys(problems).length > 0)
        return await untick(asked, { refused: 'rights', rights, problems });
    }
    if (Object.keys(changes).length > 0) await users.update(name, changes, { check: checkMark });
    return out === undefined
      ? { to: link('/user', { name, done: 'rights' }) }
      : loggedOut(asked, out);
  } catch (error) {
    if (!meanwhile.isChanged) return refused(asked, error, { refused: 'rights', rights });
    const problems = { '': MEANWHILE };
    return refused(asked, error, { refused: 'rights', wanted: rights, status: 409, problems });
  }
}

/** Sets a password of somebody else, typed or made. */
export async function changePassword(asked: Asked): Promise<Page | Redirect> {
  const { form, link } = asked;
  const name = nameOf(asked);
  if (isOwn(asked, name)) return refuseOwnPassword(asked);
  const users = changedUsers(asked, { method: 'PATCH', name });
  try {
    const { password, isMade } = newPassword(form);
    const user = await users.update(name, { password });
    if (!isMade) return { to: link('/user', { name, done: 'password' }) };
    return userPage(asked, user, { note: shownOnce(name, password) });
  } catch (error) {
    return refused(asked, error, { refused: 'password' });
  }
}

/** Ends all sessions of a user on pages. */
export async function endSessions(asked: Asked): Promise<Page | Redirect> {
  const name = nameOf(asked);
  const users = changedUsers(asked, { method: 'PATCH', name });
  try {
    await users.endSessions(name);
    if (isOwn(asked, name)) return loggedOut(asked, 'everywhere');
    return { to: asked.link('/user', { name, done: 'sessions' }) };
  } catch (error) {
    const problems = {
      '': 'The store of users can not end sessions. Set another password instead.',
    };
    const isKept = !(error instanceof MisuseError);
    return refused(asked, error, {
      refused: 'sessions',
      ...(!isKept && { problems, status: 409 }),
    });
  }
}

/** Deletes a user, if the box is ticked. */
export async function deleteUser(asked: Asked): Promise<Page | Redirect> {
  const { form, link } = asked;
  const name = nameOf(asked);
  const users = changedUsers(asked, { method: 'DELETE', name });
  try {
    const problems = {
      ...(form.get('sure') !== 'yes' && { sure: 'Tick the box to delete the user.' }),
      ...(isOwn(asked, name) && missingTick('own-delete', asked)),
    };
    if (Object.keys(problems).length > 0)
      return await untick(asked, { refused: 'delete', problems });
    await users.delete(name);
    if (isOwn(asked, name)) return loggedOut(asked, 'deleted');
    return { to: link('/users', { done: 'deleted', name }) };
  } catch (error) {
    return refused(asked, error, { refused: 'delete' });
  }
}

function nameOf({ query }: Asked): string {
  return query.get('name') ?? '';
}

function missing(): Page {
  return problemPage(404, 'There is no user of this name. Somebody may have deleted it.');
}

/** Shows the user again, with the box that is to be ticked. */
function untick(asked: Asked, state: RefusedState): Promise<Page> {
  return refused(asked, invalidRequest('not ticked'), state);
}

type RefusedState = UserPageState & { readonly refused: UserForm };

/** Shows the user again, with what was refused; without a user to show, only that. */
async function refused(asked: Asked, error: unknown, state: RefusedState): Promise<Page> {
  if (error instanceof UserNotFoundError) return missing();
  if (!(error instanceof KapacitorAuthError)) throw error;
  tellRefused(asked, error);
  if (error.status === 503) return unavailable(asked, error, state);
  const name = nameOf(asked);
  const user = await withTimes(seenUsers(asked, { method: 'GET', name }), name);
  if (user === undefined) return missing();
  return userPage(asked, user, { status: error.status, problems: problemsOf(error), ...state });
}

/** Keeps what was typed, though the user can't be shown. */
function unavailable(
  asked: Asked,
  error: KapacitorAuthError,
  { wanted, rights = wanted }: UserPageState,
): Page {
  const name = nameOf(asked);
  const was = asked.form.get('was') ?? '';
  return {
    status: error.status,
    title: `User ${name}`,
    body: html`${problemList({ '': problemText(error) })}
      ${rights !== undefined && rightsForm(asked, { name, was, rights, problems: {} })}
      <p><a href="${asked.link('/user', { name })}">Show the user</a></p>`,
  };
}

/** The user of a name, with the times of its beginning and its last change if they are known. */
async function withTimes(users: Users, name: string): Promise<UserInfo | undefined> {
  if ((await users.get(name)) === undefined) return undefined;
  const [user] = await users.list({ pattern: name, limit: 1, times: true });
  return user ?? users.get(name);
}
