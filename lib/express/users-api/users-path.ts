import type { Request } from 'express';
import { judgeApiRequest } from '../../privileges/judge.js';
import type { KapacitorUser } from '../../privileges/user.js';

/** Where the API is; what Kapacitor has as a preview is the same. */
export const USERS_PATHS: string[] = ['/kapacitor/v1/users', '/kapacitor/v1preview/users'];

/**
 * Judges a request to the users API by the path that it has in Kapacitor, wherever an app mounts it; names of users differ by case.
 *
 * @param request - as the API's router sees it: its URL begins below `/users`
 * @throws AuthorizationError; InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function judgeUsersRequest(
  user: KapacitorUser,
  { method, url }: Pick<Request, 'method' | 'url'>,
): void {
  // Express writes a slash where nothing is left of the path.
  const rest = url.replace(/^\/(?=\?|$)/, '');
  judgeApiRequest(user, method, `/kapacitor/v1/users${rest}`, { caseSensitive: true });
}
