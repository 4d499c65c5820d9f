import { judgeUsersRequest } from '../../express/users-api/users-path.js';
import type { KapacitorUser } from '../../privileges/user.js';

/** Returns true if the users API would take such a request of a user. */
export function mayAsk(
  user: KapacitorUser,
  request: { readonly method: string; readonly url: string },
): boolean {
  try {
    judgeUsersRequest(user, request);
    return true;
  } catch {
    return false;
  }
}

/** The address of a user below that of the users API. */
export function urlOf(name: string): string {
  return `/${encodeURIComponent(name)}`;
}
