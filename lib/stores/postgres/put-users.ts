import { putUser } from '../rules/put-user.js';
import { lastAdmin } from '../rules/user-conflict.js';
import type { UserPut, UserToPut } from '../user-store.js';
import type { UserTable } from './user-table.js';

/** Users that are read and written with one statement each. */
const AT_ONCE = 1_000;

/**
 * Adds or changes users within one change. They are judged some at a time: to judge a million takes
 * longer than the server lets a change rest.
 *
 * @throws UserConflictError for a name that is taken, and if no usable admin would be left;
 *   InvalidRequestError for a user that can't be kept; UnusableUserError for a damaged one
 */
export async function putUsers(
  table: UserTable,
  users: readonly UserToPut[],
): Promise<readonly UserPut[]> {
  const admin = await table.anyAdmin();
  const puts: UserPut[] = [];
  for (let at = 0; at < users.length; at += AT_ONCE) {
    puts.push(...(await putSome(table, users.slice(at, at + AT_ONCE))));
  }
  if (admin !== undefined && (await table.anyAdmin()) === undefined) throw lastAdmin(admin);
  return puts;
}

async function putSome(table: UserTable, users: readonly UserToPut[]): Promise<readonly UserPut[]> {
  const found = await table.findAll(users.map(({ user }) => user.name));
  const present = new Map(found.map((user) => [user.name, user]));
  const puts = users.map((one) => {
    const put = putUser(one, present.get(one.user.name));
    present.set(put.after.name, put.after);
    return put;
  });
  const changed = new Map(puts.map(({ after }) => [after.name, after]));
  await table.putAll(Array.from(changed.values()));
  return puts;
}
