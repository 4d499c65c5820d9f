import type { BigIntStats } from 'node:fs';
import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';
import { UserMap } from '../in-memory/user-map.js';
import { unlessMissing } from './failure.js';
import { FileReplacement } from './file-replacement.js';
import { realPathOf } from './real-path.js';
import { formatUserFile, parseUserFile, UserFileError } from './user-file-format.js';

/** Two changes that are no further apart, in milliseconds, can bear the same time. */
const CLOCK_GRAIN = 2000;

/** The modes in which others than its owner may do anything with a file. */
const SHARED = 0o077n;

/** What was read last, and what it came to. */
interface LastRead {
  readonly bytes: Buffer;
  /** Throws what is wrong with them. */
  readonly users: () => UserMap;
}

/** The file as it was at a time. */
interface Look {
  /** Milliseconds since 1970; no later than `stats`. */
  readonly at: number;
  /** Undefined where there is no file. */
  readonly stats: BigIntStats | undefined;
}

/** A file of users that others change too. Its calls must not overlap. */
export class UserFile {
  readonly #path: string;
  readonly #logger: Logger;
  #last: LastRead | undefined;
  /** The users read last from a file that was as it should be. */
  #known: UserMap | undefined;
  /** Tells any later state of the file from the one read last; undefined where it might not. */
  #stamp: string | undefined;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** False where the file is the one read last, for certain. */
  async mayHaveChanged(): Promise<boolean> {
    if (this.#stamp === undefined) return true;
    const { stats } = await this.#look();
    return stats === undefined || stampOf(stats) !== this.#stamp;
  }

  /** The same, at once. */
  mayHaveChangedNow(): boolean {
    if (this.#stamp === undefined) return true;
    try {
      return stampOf(statSync(this.#path, { bigint: true })) !== this.#stamp;
    } catch {
      // Whoever reads it says what is wrong.
      return true;
    }
  }

  /**
   * The users in the file as it is now, none where there never was a file. A great file is read in turns with others.
   *
   * @throws UserFileError when the file is not what it should be; the system's errors
   */
  async read(): Promise<UserMap> {
    return this.#read(await this.#look());
  }

  /**
   * Reads the file, has its users edited and replaces it, unless they are left as they were. Undefined when others changed the
   * file meanwhile, or led its path elsewhere, so that the change must begin anew.
   *
   * @param realPath - where the path led when the lock was taken
   * @throws UserFileError when the file is not what it should be or goes away; StoreUnavailableError when another
   *   process took over; the system's errors; what `edit` throws
   */
  async change<Outcome extends { readonly users: UserMap }>(
    realPath: string,
    edit: (users: UserMap) => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    if ((await this.realPath()) !== realPath) return undefined;
    const replacement = await FileReplacement.begin(realPath);
    try {
      const look = await this.#look();
      if (hasLinks(look.stats)) throw new UserFileError(LINKED);
      const users = await this.#read(look);
      const outcome = await edit(users);
      if (outcome.users === users) return outcome;

      const text = await formatUserFile(outcome.users);
      await replacement.write(text);
      if (!(await this.#isAsRead(realPath))) return undefined;
      await replacement.commit();
      this.#last = { bytes: Buffer.from(text), users: () => outcome.users };
      this.#known = outcome.users;
      return outcome;
    } finally {
      await replacement.end();
    }
  }

  /** The path of the file itself, be it there or not: the same for all who get to it by other ways. */
  async realPath(): Promise<string> {
    return realPathOf(this.#path);
  }

  async #read({ at, stats }: Look): Promise<UserMap> {
    this.#stamp = undefined;
    if (stats === undefined) return this.#absent();
    if (!stats.isFile()) throw new UserFileError('it is not a file');
    this.#warn(stats);
    const bytes = await unlessMissing(readFile(this.#path));
    if (bytes === undefined) return this.#absent();
    const users = await this.#parse(bytes);
    if (at - Number(stats.mtimeMs) > CLOCK_GRAIN) this.#stamp = stampOf(stats);
    return users;
  }

  async #parse(bytes: Buffer): Promise<UserMap> {
    if (this.#last?.bytes.equals(bytes) !== true) {
      this.#last = { bytes, users: await parsed(bytes, this.#known) };
    }
    return (this.#known = this.#last.users());
  }

  async #absent(): Promise<UserMap> {
    // An editor may put it back in a moment; who took it away for good starts anew.
    if (this.#last !== undefined) throw new UserFileError(GONE);
    await stat(dirname(this.#path));
    return UserMap.of();
  }

  /** Looks a second time, after all that takes long: true where a change replaces the very file that it was made from. */
  async #isAsRead(realPath: string): Promise<boolean> {
    if ((await this.realPath()) !== realPath) return false;
    const { stats } = await this.#look();
    if (stats !== undefined && stampOf(stats) === this.#stamp) return true;
    const bytes = stats && (await unlessMissing(readFile(this.#path)));
    if (bytes === undefined && this.#last !== undefined) throw new UserFileError(GONE);
    return bytes === undefined || this.#last?.bytes.equals(bytes) === true;
  }

  async #look(): Promise<Look> {
    const at = Date.now();
    return { at, stats: await unlessMissing(stat(this.#path, { bigint: true })) };
  }

  #warn(stats: BigIntStats): void {
    if (hasLinks(stats)) {
      warnOnce('WRN_KAUTH_STORE_FILE_LINKS', `${this.#path}: ${LINKED}`, this.#logger);
    }
    // Windows has no such modes and shows 0666.
    if ((stats.mode & SHARED) === 0n || process.platform === 'win32') return;
    warnOnce(
      'WRN_KAUTH_STORE_FILE_MODE',
      `${this.#path} holds password hashes and is open to others: set its mode to 0600`,
      this.#logger,
    );
  }
}

const GONE = 'it is gone: put it back, or restart to begin without users';

const LINKED =
  'it has more than one name (hard links), of which a change would reach one only: give it a file of its own (cp -p users.json new && mv new users.json)';

function hasLinks(stats: BigIntStats | undefined): boolean {
  return stats !== undefined && stats.isFile() && stats.nlink > 1n;
}

async function parsed(bytes: Uint8Array, known: UserMap | undefined): Promise<() => UserMap> {
  try {
    const users = await parseUserFile(bytes, known);
    return () => users;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
