import { AuthorizationError, KapacitorAuthError } from '../../errors.js';
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
  if (login === undefined || auth.users === undefined)
    return problemPage(404, 'No password can be changed here.');
  const given = {
    old: form.get('old') ?? '',
    new: form.get('new') ?? '',
    again: form.get('again') ?? '',
  };
  const problems = mistakes(given);
  if (Object.keys(problems).length > 0) return refused(asked, 400, problems);
  try {
    const session = await change(asked, login, given);
    return { to: asked.link('/account', { done: 'password' }), session };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError) || error instanceof AuthorizationError) throw error;
    return refused(asked, statusOf(error), problemsOf(error), error);
  }
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

/** Returns the value of a new session, since all old ones end. */
async function change(
  { auth, request, report, user: { name } }: Asked,
  { sessions }: Login,
  { old, new: password }: Given,
): Promise<string> {
  const logIn = async (given: string): Promise<string> => {
    try {
      return (await sessions.begin(name, given, request)).value;
    } catch (error) {
      if (error instanceof KapacitorAuthError) report(error);
      throw error;
    }
  };
  // The value of this login is bound to the hash that the old password was verified by.
  const proof = await logIn(old);
  const users = auth.users?.by({ name, address: request.ip });
  await users?.update(
    name,
    { password },
    {
      actor: name,
      check: (present) => {
        if (present.disabled !== true && sessions.isBoundTo(proof, present)) return;
        throw new AuthorizationError(
          'ERR_KAUTH_FORBIDDEN',
          'your password was changed meanwhile by somebody else: log in anew',
        );
      },
    },
  );
  return logIn(password);
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
