import type { ProvePassword } from '../../authenticate/password-proof.js';
import { proofOf } from '../../authenticate/password-proof.js';
import { AuthorizationError, KapacitorAuthError } from '../../errors.js';
import type { Users } from '../../manage/users.js';
import type { StoredUser } from '../../stores/user-store.js';
import type { Problems } from '../fields.js';
import type { Asked, Login, Page, Redirect } from '../page.js';
import { problemPage, problemText } from '../problem.js';
import { accountPage } from './account.js';

/**
 * Changes the own password, if the old one is right: that is judged, throttled and told to
 * listeners like a login.
 */
export async function changeOwnPassword(asked: Asked): Promise<Page | Redirect> {
  const { auth, form, login } = asked;
  const prove = proofOf(auth);
  if (login === undefined || prove === undefined || auth.users === undefined)
    return problemPage(404, 'No password can be changed here.');
  const given = {
    old: form.get('old') ?? '',
    new: form.get('new') ?? '',
    again: form.get('again') ?? '',
  };
  const problems = mistakes(given);
  if (Object.keys(problems).length > 0) return refused(asked, 400, problems);
  try {
    await change(asked, { prove, users: auth.users }, given);
  } catch (error) {
    if (!(error instanceof KapacitorAuthError) || error instanceof AuthorizationError) throw error;
    return refused(asked, statusOf(error), problemsOf(error), error);
  }
  return stayLoggedIn(asked, login, given.new);
}

interface Given {
  readonly old: string;
  readonly new: string;
  readonly again: string;
}

function mistakes({ old, new: password, again }: Given): Problems {
  return {
    ...(old === '' && { old: 'Enter your old password.' }),
    ...(password === '' && { new: 'Enter a new password.' }),
    ...(password !== again && { again: 'The two new passwords differ.' }),
  };
}

interface ChangeParts {
  readonly prove: ProvePassword;
  readonly users: Users;
}

async function change(
  { request, report, user: { name } }: Asked,
  { prove, users }: ChangeParts,
  { old, new: password }: Given,
): Promise<void> {
  const isStill = await prove({ name, password: old }, request).catch((error: unknown): never => {
    if (error instanceof KapacitorAuthError) report(error);
    throw error;
  });
  const check = (present: StoredUser): void => {
    if (!isStill(present)) throw changedMeanwhile();
  };
  await users.by({ name, address: request.ip }).update(name, { password }, { check });
}

/** Begins a new session, since all old ones have ended; if that can't be now, by a login. */
async function stayLoggedIn(
  { link, request, user: { name } }: Asked,
  { sessions }: Login,
  password: string,
): Promise<Redirect> {
  try {
    const { value } = await sessions.begin(name, password, request);
    return { to: link('/account', { done: 'password' }), session: value };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError)) throw error;
    return { to: link('/login', { done: 'password' }), session: '' };
  }
}

function changedMeanwhile(): AuthorizationError {
  return new AuthorizationError(
    'ERR_KAUTH_FORBIDDEN',
    'your password was changed meanwhile by somebody else: log in anew',
  );
}

function statusOf({ status }: KapacitorAuthError): number {
  return status === 401 ? 403 : status;
}

function problemsOf(error: KapacitorAuthError): Problems {
  const { code } = error;
  if (code === 'ERR_KAUTH_FAILED') return { old: 'The old password is wrong.' };
  if (code === 'ERR_KAUTH_INVALID_REQUEST') return { new: problemText(error) };
  return { '': problemText(error) };
}

function refused(
  asked: Asked,
  status: number,
  problems: Problems,
  error?: KapacitorAuthError,
): Page {
  const after = error?.headers['Retry-After'];
  const headers = after === undefined ? {} : { 'Retry-After': after };
  return { ...accountPage(asked, problems), status, headers };
}
