import { MisuseError } from '../../errors.js';
import type { Asked, Page, Redirect } from '../page.js';
import { problemPage } from '../problem.js';

/** Ends all sessions of the user who asks, in all browsers. */
export async function endOwnSessions({
  auth,
  request,
  user,
  login,
  link,
}: Asked): Promise<Page | Redirect> {
  if (login === undefined || auth.users === undefined)
    return problemPage(404, 'Sessions can not be ended here.');
  const { name } = user;
  try {
    await auth.users.by({ name, address: request.ip }).endSessions(name, { actor: name });
  } catch (error) {
    if (!(error instanceof MisuseError)) throw error;
    return problemPage(409, 'The store of this server can not end all sessions of a user.');
  }
  return { to: link('/login', { done: 'everywhere' }), session: '' };
}
