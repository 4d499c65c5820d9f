import { NoUserStoreError } from '../../errors.js';
import type { Users } from '../../manage/users.js';
import type { Asked } from '../page.js';

/** @throws NoUserStoreError if users are managed elsewhere */
export function usersIn({ users }: Pick<Asked['auth'], 'users'>): Users {
  if (users !== undefined) return users;
  throw new NoUserStoreError(
    'users are not managed here but where they are kept, such as on a meta node of InfluxDB Enterprise',
  );
}
