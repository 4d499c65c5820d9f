import type { BigIntStats } from 'node:fs';
import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';
import { UserMap } from '../in-memory/user-map.js';
import { warnIfShared } from '../rules/private-mode.js';
import { unlessMissing } from './failure.js';
import { FileReplacement } from './file-replacement.js';
import { realPathOf } from './real-path.js';
import { formatUserFile, parseUserFile, UserFileError } from './user-file-format.js';

/** Granularity of file times in ms: a younger file may change again under the same time. */
const CLOCK_GRAIN = 2000;

/** The bytes read last, and the users in them. */
interface LastRead {
  readonly bytes: Buffer;
  /** Throws an error that says what is wrong with the bytes. */
  readonly users: () => UserMap;
}

/** The file as it was at a time. */
interface Look {
  /** Milliseconds since 1970; no later than `stats`. */
  readonly at: number;
  /** Undefined if there is no file. */
  readonly stats: BigIntStats | undefined;
}

/** A user file that others change too. Its calls must not overlap. */
export class UserFile {
  readonly #path: string;
  readonly #logger: Logger;
  #last: LastRead | undefined;
  /** The users read last from a file in good order. */
  #known: UserMap | undefined;
  /** Tells any later state of the file from the one read last; undefined if it might not. */
  #stamp: string | undefined;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** Returns false if the file is certainly the one read last. */
  async mayHaveChanged(): Promise<boolean> {
    if (this.#stamp === undefined) return true;
    const { stats } = await this.#look();
    return stats === undefined || stampOf(stats) !== this.#stamp;
  }

  /** As {@link mayHaveChanged}, at once. */
  mayHaveChangedNow(): boolean {
    if (this.#stamp === undefined) return true;
    try {
      return stampOf(statSync(this.#path, { bigint: true })) !== this.#stamp;
    } catch {
      // Reading it says what is wrong.
      return true;
    }
  }

  /**
   * Reads the users in the file as it is now; none if there never was a file. A large file is read
   * in slices, between which others take their turn.
   *
   * @throws UserFileError if the file is not what it should be; the system's errors
   */
  async read(): Promise<UserMap> {
    return this.#read(await this.#look());
  }

  /**
   * Reads the file, lets `edit` change its users, and replaces it if they changed. Returns
   * undefined if others changed the file meanwhile, or led its path elsewhere: then the change must
   * begin anew.
   *
   * @param realPath - the real path of the file when the lock was taken
   * @throws UserFileError if the file is not what it should be or goes away; StoreUnavailableError
   *   if another process took over; the system's errors; what `edit` throws
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

  /** Resolves the path of the file, whether it exists or not: the same for all links to it. */
  async realPath(): Promise<string> {
    return realPathOf(this.#path);
  }

  async #read({ at, stats }: Look): Promise<UserMap> {
    this.#stamp = undefined;
    if (stats === undefined) return this.#absent();
    if (!stats.isFile()) throw new UserFileError('it is not a file');
    const bytes = await unlessMissing(readFile(this.#path));
    if (bytes === undefined) return this.#absent();
    const users = await this.#parse(bytes);
    // Not before: a file that is no store holds no hashes.
    this.#warn(stats);
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
    // An editor may put it back in a moment; to start anew without it, one restarts the process.
    if (this.#last !== undefined) throw new UserFileError(GONE);
    await stat(dirname(this.#path));
    return UserMap.of();
  }

  /**
   * Looks a second time, after all that takes long. Returns true if the change replaces the very
   * file that it was made from.
   */
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
    warnIfShared(this.#path, Number(stats.mode), this.#logger);
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
