import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../index.js';
import { writePrivateFile } from './write-private-file.js';

const NAME = 'admin-password';

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
  const folder = dirname(resolve(store.path));
  const usual = join(folder, NAME);
  // Another store in the same folder may have left its own there.
  const path = existsSync(usual) ? join(folder, `${NAME}.${basename(store.path)}`) : usual;
  await writePrivateFile(path, `${password}\n`);
  return path;
}
