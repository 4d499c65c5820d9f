import { InvalidRequestError, UserNotFoundError } from '../errors.js';
import { isSameList } from '../stores/rules/same-user.js';
import type { ChangeOptions } from '../stores/user-store.js';
import type { UserInfo, UserUpdate } from './user-forms.js';

/** Attempts at one change, if others keep changing the grants meanwhile. */
const MOST_TRIES = 5;

/** Users whose grants can be changed. */
interface Grantees {
  get(name: string): Promise<UserInfo | undefined>;
  update(name: string, update: UserUpdate, options?: ChangeOptions): Promise<UserInfo>;
}

/**
 * Changes the grants of a user from what they are. If others change them meanwhile, it begins anew:
 * no change is lost.
 *
 * @param revise - makes the new grants of the present ones
 * @throws UserNotFoundError; InvalidRequestError if others change them again and again
 */
export async function regrant(
  users: Grantees,
  name: string,
  revise: (held: readonly string[]) => readonly string[],
  options: ChangeOptions = {},
): Promise<UserInfo> {
  for (let tries = 1; ; tries++) {
    const user = await users.get(name);
    if (user === undefined) throw new UserNotFoundError();
    const held = user.grants ?? [];
    const grants = revise(held);
    const check: ChangeOptions['check'] = (present, actor) => {
      options.check?.(present, actor);
      if (!isSameList(present.grants ?? [], held)) throw new GrantsChanged();
    };
    try {
      return await users.update(name, { grants }, { ...options, check });
    } catch (error) {
      if (!(error instanceof GrantsChanged) || tries === MOST_TRIES) throw error;
    }
  }
}

class GrantsChanged extends InvalidRequestError {
  constructor() {
    super('ERR_KAUTH_INVALID_REQUEST', 'others change the grants of this user: try again');
  }
}
