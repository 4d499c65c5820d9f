import { AuthorizationError } from '../errors.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { Asked } from './page.js';

/** @throws AuthorizationError unless the user is an administrator */
export function judgeAdmin({ name, admin }: KapacitorUser): void {
  if (admin) return;
  const text = `user ${name} may not see this page: it is for administrators`;
  throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', text);
}

/**
 * Judges once more, now that the form has arrived: the user may have lost the rights on the way.
 *
 * @throws AuthorizationError unless the user still is an administrator
 */
export async function judgeAdminNow({
  auth,
  user,
  login,
}: Pick<Asked, 'auth' | 'user' | 'login'>): Promise<void> {
  judgeAdmin(user);
  if (login === undefined) return;
  const { name } = user;
  const text = `user ${name} may not do this: it is for administrators`;
  if ((await auth.find(name))?.admin !== true)
    throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', text);
}
