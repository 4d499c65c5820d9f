import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../index.js';
import { writePrivateFile } from './write-private-file.js';

const NAME = 'admin-password';

/** The places of a first password: the usual one, and one if that is taken. */
function placesBeside(path: string): readonly [usual: string, other: string] {
  const folder = dirname(resolve(path));
  return [join(folder, NAME), join(folder, `${NAME}.${basename(path)}`)];
}

/**
 * Writes the first administrator's password beside the store, to a file that only its owner may
 * read. Without a terminal, a server's output goes to logs that others read, too.
 *
 * @returns the path of the file; undefined if users are in memory
 * @throws Error if it can't be written
 */
export async function keepAdminPassword(
  { store }: Pick<Config, 'store'>,
  password: string,
): Promise<string | undefined> {
  if (store.path === ':memory:') return undefined;
  const [usual, other] = placesBeside(store.path);
  // Another store in the same folder may have left its own there.
  const path = existsSync(usual) ? other : usual;
  await writePrivateFile(path, `${password}\n`);
  return path;
}

/** The files with a first password that earlier starts left beside the store. */
export function keptPasswords({ auth, store }: Pick<Config, 'auth' | 'store'>): readonly string[] {
  const isLocal = auth.metaAddr.length === 0 && store.path !== ':memory:';
  return isLocal ? placesBeside(store.path).filter((path) => existsSync(path)) : [];
}
