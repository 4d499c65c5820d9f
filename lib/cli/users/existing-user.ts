import type { UserInfo } from '../../index.js';
import type { OpenUsers } from './with-users.js';

/** @throws Error if there is no user of that name */
export async function existingUser(
  { users, location }: OpenUsers,
  name: string,
): Promise<UserInfo> {
  const user = await users.get(name);
  if (user !== undefined) return user;
  throw noSuchUser(name, location);
}

/** Returns the error for a name that no user has. */
export function noSuchUser(name: string, location: string): Error {
  return new Error(`there is no user ${JSON.stringify(name)} in ${location}`);
}
