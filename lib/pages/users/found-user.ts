import { UserNotFoundError } from '../../errors.js';
import { judgeUsersRequest } from '../../express/users-api/users-path.js';
import type { UserInfo } from '../../manage/user-forms.js';
import type { UnusableUser } from '../../stores/subscription-store.js';
import type { Asked } from '../page.js';
import { urlOf } from './may-ask.js';
import { usersIn } from './users-in.js';

/** The user that an address names, or what is wrong with it. */
export type FoundUser =
  | { readonly name: string; readonly info: UserInfo }
  | { readonly name: string; readonly info: undefined; readonly problem: string };

/**
 * Finds the user that `?name=` names, with the times of its changes.
 *
 * @throws AuthorizationError if the users API would not show it; UserNotFoundError
 */
export async function foundUser({ auth, user, query }: Asked): Promise<FoundUser> {
  const name = query.get('name') ?? '';
  judgeUsersRequest(user, { method: 'GET', url: urlOf(name) });
  const damaged: UnusableUser[] = [];
  const [info] = await usersIn(auth).list({
    // Without it, some characters would be a pattern.
    pattern: name.replace(/[*?[\]\\]/g, '\\$&'),
    limit: 1,
    times: true,
    onUnusable: (unusable) => damaged.push(unusable),
  });
  if (info?.name === name) return { name, info };
  const unusable = damaged.find((each) => each.name === name);
  if (unusable === undefined || name === '') throw new UserNotFoundError();
  return { name, info: undefined, problem: unusable.problem };
}
