import { ensurePrivateFile } from '../private-file.js';
import { SqliteDatabase } from './database.js';
import { migrate } from './schema.js';
import { UserTable } from './user-table.js';
import type { Logger } from '../../logger.js';

/** Opens the users of a database, which is made when there is none. */
export async function openUserTable(path: string, logger: Logger | undefined): Promise<UserTable> {
  if (path !== ':memory:') await ensurePrivateFile(path, logger);
  const database = new SqliteDatabase(path);
  try {
    return await database.patiently(() => {
      // FULL: what is acknowledged outlives a power cut.
      database.run('PRAGMA synchronous = FULL');
      migrate(database);
      // Lets readers and a writer go on at the same time. Not before it is known to be ours.
      database.run('PRAGMA journal_mode = WAL');
      return new UserTable(database);
    });
  } catch (error) {
    database.close();
    throw error;
  }
}
