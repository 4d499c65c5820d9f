import type { UserCache } from '../authenticate/user-cache.js';
import { MisuseError, UserNotFoundError } from '../errors.js';
import type { JudgeOptions } from '../privileges/api-decision.js';
import type { Explanation } from '../privileges/explanation.js';
import { explainApiRequest } from '../privileges/explanation.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';

/** Tells who a user is and what they may do, without a request of theirs. */
export interface UserInquiries {
  /**
   * The user of a name, as requests have it (`req.user`); undefined if there is none.
   *
   * @throws StoreUnavailableError; MisuseError if the name is no text
   */
  find(name: string): Promise<KapacitorUser | undefined>;
  /**
   * Explains if a user may make a request to Kapacitor's API, and by which entry and permission.
   * The code of `judgeApiRequest` decides. While `http.auth-enabled` is false everybody is
   * `ADMIN_USER`.
   *
   * @param user - the user of a request, or the name of one
   * @param method - the HTTP method, in capitals
   * @param url - the request target: path and query
   * @throws UserNotFoundError; StoreUnavailableError
   *
   * @example
   * ```ts
   * const { allowed, rules } = await auth.explain('amy', 'GET', '/kapacitor/v1/tasks');
   * ```
   */
  explain(
    user: KapacitorUser | string,
    method: string,
    url: string,
    options?: JudgeOptions,
  ): Promise<Explanation>;
}

/** @param authEnabled - `http.auth-enabled` */
export function inspectUsers(users: UserCache, authEnabled: boolean): UserInquiries {
  const find = async (name: string): Promise<KapacitorUser | undefined> => {
    checkName(name);
    return (await users.find(name))?.user;
  };
  const judged = async (user: KapacitorUser | string): Promise<KapacitorUser> => {
    if (!authEnabled) return ADMIN_USER;
    const found = typeof user === 'string' ? await find(user) : user;
    if (found === undefined) throw new UserNotFoundError();
    return found;
  };
  return {
    find,
    explain: async (user, method, url, options) =>
      explainApiRequest(await judged(user), method, url, options),
  };
}

function checkName(name: unknown): void {
  if (typeof name === 'string') return;
  throw new MisuseError(
    "auth.find(name): give it the name of a user as a text, such as auth.find('amy'); a session without one has no user",
  );
}
