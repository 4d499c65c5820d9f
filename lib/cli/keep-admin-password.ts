import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../index.js';
import { writePrivateFile } from './write-private-file.js';

const NAME = 'admin-password';

type Store = Config['store'];

/**
 * The places of a first password: the usual one, and one if that is taken. A database elsewhere has
 * no folder here, so they are in the working folder then.
 */
function placesBeside({ type, path, schema }: Store): readonly [usual: string, other: string] {
  const isElsewhere = type === 'postgres';
  const folder = isElsewhere ? process.cwd() : dirname(resolve(path));
  return [join(folder, NAME), join(folder, `${NAME}.${isElsewhere ? schema : basename(path)}`)];
}

function isInMemory({ type, path }: Store): boolean {
  return type !== 'postgres' && path === ':memory:';
}

/**
 * Writes the first administrator's password beside the store, or into the working folder if that
 * is a database elsewhere, to a file that only its owner may read. Without a terminal, a server's
 * output goes to logs that others read, too.
 *
 * @returns the path of the file; undefined if users are in memory
 * @throws Error if it can't be written
 */
export async function keepAdminPassword(
  { store }: Pick<Config, 'store'>,
  password: string,
): Promise<string | undefined> {
  if (isInMemory(store)) return undefined;
  const [usual, other] = placesBeside(store);
  // Another store in the same folder may have left its own there.
  const path = existsSync(usual) ? other : usual;
  await writePrivateFile(path, `${password}\n`);
  return path;
}

/** The files with a first password that earlier starts left beside the store. */
export function keptPasswords({ auth, store }: Pick<Config, 'auth' | 'store'>): readonly string[] {
  const isLocal = auth.metaAddr.length === 0 && !isInMemory(store);
  return isLocal ? placesBeside(store).filter((path) => existsSync(path)) : [];
}
