import { JudgedUsers } from '../../express/users-api/judged-users.js';
import type { Users } from '../../manage/users.js';
import type { Asked } from '../page.js';
import { usersIn } from './users-in.js';

/** The users, as far as the one who asks may change them: the rules are those of the users API. */
export function judgedUsers(
  { auth, user, request }: Asked,
  asked: { readonly method: string; readonly url: string },
): JudgedUsers {
  const users: Users = usersIn(auth).by({ name: user.name, address: request.ip });
  return new JudgedUsers({ users, actor: user, asked });
}
