import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { isMissing } from '../rules/path-failure.js';
import { warnIfShared } from '../rules/private-mode.js';
import { SqliteDatabase } from './database.js';
import { PatientLine } from './patient-line.js';
import { ensurePrivateFile } from './private-file.js';
import { migrate } from './schema.js';
import { UserTable } from './user-table.js';

/** Options of a database. */
export interface OpeningOptions {
  readonly logger: Logger | undefined;
  /** The users of the database that was at this path before; if given, no new database is made. */
  readonly before: UserTable | undefined;
}

/** Opens the users of a database. @throws StoreUnavailableError if it can't be opened */
export async function openUserTable(
  path: string,
  { logger, before }: OpeningOptions,
): Promise<UserTable> {
  if (before !== undefined && isMissing(path)) {
    throw new StoreUnavailableError(
      `the user database ${path} is gone: put it back, or restart to begin without users`,
    );
  }
  before?.discardLog();
  const mode = path === ':memory:' ? 0 : await ensurePrivateFile(path);
  const database = new SqliteDatabase(path);
  try {
    const table = await new PatientLine().run(() => {
      // FULL: an acknowledged change outlives a power cut.
      database.run('PRAGMA synchronous = FULL');
      migrate(database);
      // Lets readers and a writer work at the same time. Not before the database is known to be of
      // this package.
      database.run('PRAGMA journal_mode = WAL');
      const users = new UserTable(database);
      database.mustBeInPlace();
      return users;
    });
    // Not before: a file that is no store holds no hashes.
    warnIfShared(path, mode, logger);
    return table;
  } catch (error) {
    database.close();
    throw error;
  }
}
