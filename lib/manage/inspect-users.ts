import type { UserCache } from '../authenticate/user-cache.js';
import { MisuseError, UserNotFoundError } from '../errors.js';
import type { JudgeOptions } from '../privileges/api-decision.js';
import type { Explanation } from '../privileges/explanation.js';
import { explainApiRequest } from '../privileges/explanation.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';

/** Options of `auth.find`. */
export interface FindUserOptions {
  /**
   * If true, a disabled user is found too, to show what it may do once it is enabled; never for a
   * session. False if left out.
   */
  readonly disabled?: boolean | undefined;
}

/** Tells who a user is and what they may do, without a request of theirs. */
export interface UserInquiries {
  /**
   * The user of a name, as requests have it (`req.user`); undefined if there is none, or if the
   * user is disabled: a session ends then.
   *
   * @throws StoreUnavailableError; MisuseError if the name is no text
   */
  find(name: string, options?: FindUserOptions): Promise<KapacitorUser | undefined>;
  /**
   * Explains if a user may make a request to Kapacitor's API, and by which entry and permission.
   * The code of `judgeApiRequest` decides; every request of a user who is disabled is refused.
   * While `http.auth-enabled` is false everybody is `ADMIN_USER`.
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
  const find = async (
    name: string,
    { disabled: isAnyMeant = false }: FindUserOptions = {},
  ): Promise<KapacitorUser | undefined> => {
    checkName(name);
    const found = await users.find(name);
    return found?.disabled === true && !isAnyMeant ? undefined : found?.user;
  };
  const explain: UserInquiries['explain'] = async (user, ...request) => {
    if (!authEnabled) return explainApiRequest(ADMIN_USER, ...request);
    if (typeof user !== 'string') return explainApiRequest(user, ...request);
    checkName(user);
    const found = await users.find(user);
    if (found === undefined) throw new UserNotFoundError();
    const explanation = explainApiRequest(found.user, ...request);
    return found.disabled ? refuseDisabled(explanation) : explanation;
  };
  return { find, explain };
}

/** The rules stay as they are: they tell what the user may do once it is enabled. */
function refuseDisabled(explanation: Explanation): Explanation {
  const { user, method, target, path, rules } = explanation;
  const { name } = user;
  const message = `user ${name} is disabled: every login is refused, and no token or session counts`;
  return {
    user: { ...user, disabled: true },
    method,
    target,
    allowed: false,
    ...(path !== undefined && { path }),
    refusal: { status: 401, code: 'ERR_KAUTH_FAILED', message },
    rules,
    remedies: [],
  };
}

function checkName(name: unknown): void {
  if (typeof name === 'string') return;
  throw new MisuseError(
    "auth.find(name): give it the name of a user as a text, such as auth.find('amy'); a session without one has no user",
  );
}
