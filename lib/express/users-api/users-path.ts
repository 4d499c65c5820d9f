import type { Request } from 'express';
import { judgeApiRequest } from '../../privileges/judge.js';
import type { KapacitorUser } from '../../privileges/user.js';

/** The path of the API in Kapacitor. */
export const USERS_PATH = '/kapacitor/v1/users';

/** The paths of the API; Kapacitor's preview is the same. */
export const USERS_PATHS: string[] = [USERS_PATH, '/kapacitor/v1preview/users'];

/**
 * Judges a request to the users API by its path in Kapacitor, wherever an app mounts it. Names of
 * users are case-sensitive.
 *
 * @param request - as the API's router sees it: its URL begins below `/users`
 * @throws AuthorizationError; InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function judgeUsersRequest(
  user: KapacitorUser,
  { method, url }: Pick<Request, 'method' | 'url'>,
): void {
  // Express writes a slash if nothing is left of the path.
  const rest = url.replace(/^\/(?=\?|$)/, '');
  judgeApiRequest(user, method, USERS_PATH + rest, { caseSensitive: true });
}
