import { NoUserStoreError } from '../../errors.js';
import type { Users } from '../../manage/users.js';

const ELSEWHERE =
  'users are not managed here but where they are kept, such as on a meta node of InfluxDB Enterprise';

/**
 * The users that this process manages.
 *
 * @throws NoUserStoreError if they are managed elsewhere
 */
export function managedHere(users: Users | undefined): Users {
  if (users === undefined) throw new NoUserStoreError(ELSEWHERE);
  return users;
}
