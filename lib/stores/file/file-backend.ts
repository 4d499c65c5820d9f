import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { Turn } from '../../turns.js';
import { tellFailure, warn } from '../../warnings.js';
import type { AdoptUsers, Persistence, Revision } from '../in-memory/persistence.js';
import { UserMap } from '../in-memory/user-map.js';
import { LastLook } from '../rules/last-look.js';
import { notOpen } from '../rules/not-open.js';
import { SerialQueue } from '../rules/serial-queue.js';
import type { CatchUpOptions } from '../user-store.js';
import { fileFailure } from './failure.js';
import { withFileLock } from './file-lock.js';
import { UserFile } from './user-file.js';

/** Milliseconds between two looks at the file. */
const POLL_INTERVAL = 200;

/** At most so many changes may wait for each other. */
const MOST_CHANGES = 1_000;

/** Attempts at one change, if others keep changing the file meanwhile. */
const MOST_TRIES = 5;

/** With more users than this, another store is the better choice. */
const MANY_USERS = 20_000;

/** Keeps users in a file, and sees what others write there. */
export class FileBackend implements Persistence {
  readonly #path: string;
  readonly #logger: Logger;
  /** In milliseconds. */
  readonly #lockTimeout: number;
  readonly #file: UserFile;
  /** Changes of this process wait for each other here rather than for the lock. */
  readonly #changes = new SerialQueue(MOST_CHANGES);
  /** Serializes uses of the file: changes that hold the lock, and looks for changes by others. */
  readonly #access = new SerialQueue();
  /** Defined while the file is open. */
  #adopt: AdoptUsers | undefined;
  /** The users adopted last. */
  #users = UserMap.of();
  #poll: NodeJS.Timeout | undefined;
  readonly #lastLook = new LastLook();
  #overdue: Promise<void> | undefined;
  #suspected: string | undefined;
  #reported: string | undefined;
  /** True once it has warned of too many users since it was opened. */
  #isLarge = false;

  constructor({
    path,
    logger,
    lockTimeout,
  }: {
    readonly path: string;
    readonly logger: Logger;
    readonly lockTimeout: number;
  }) {
    this.#path = path;
    this.#logger = logger;
    this.#lockTimeout = lockTimeout;
    this.#file = new UserFile(path, logger);
  }

  async open(adopt: AdoptUsers): Promise<void> {
    await this.#access.run(async () => {
      if (this.#adopt !== undefined) return;
      try {
        this.#users = await this.#file.read();
      } catch (error) {
        throw fileFailure(this.#path, error);
      }
      this.#adopt = adopt;
      this.#isLarge = false;
      adopt(this.#users, []);
      this.#warnIfLarge();
      this.#pollLater();
    });
  }

  async close(): Promise<void> {
    await this.#changes.run(() =>
      this.#access.run(() => {
        clearTimeout(this.#poll);
        this.#adopt = undefined;
      }),
    );
  }

  async change<Outcome extends Revision>(revise: (users: UserMap) => Outcome): Promise<Outcome> {
    try {
      return await this.#changes.run(() => this.#change(revise));
    } catch (error) {
      throw fileFailure(this.#path, error);
    }
  }

  async #change<Outcome extends Revision>(revise: (users: UserMap) => Outcome): Promise<Outcome> {
    const deadline = performance.now() + this.#lockTimeout;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (this.#adopt === undefined) throw notOpen();
      const realPath = await this.#file.realPath();
      const outcome = await withFileLock(realPath, deadline - performance.now(), () =>
        this.#access.run(() => this.#changeLocked(realPath, revise)),
      );
      if (outcome !== undefined) return outcome;
    }
    throw new StoreUnavailableError(
      `the user file ${this.#path} was changed by others each time that this was about to change it: try again`,
    );
  }

  async #changeLocked<Outcome extends Revision>(
    realPath: string,
    revise: (users: UserMap) => Outcome,
  ): Promise<Outcome | undefined> {
    const outcome = await this.#file.change(realPath, async (users) => {
      await this.#adoptRead(users);
      return revise(users);
    });
    if (outcome !== undefined) this.#take(outcome);
    return outcome;
  }

  /**
   * Looks at the file if nobody did so for long, or if it must be `now`. Returns a promise that
   * resolves once its users are known.
   */
  catchUp({ now = false }: CatchUpOptions = {}): Promise<void> | undefined {
    // Also if the file has not changed since the last look: that may not have adopted it yet.
    if (this.#adopt !== undefined && now) return this.#look();
    if (this.#adopt !== undefined && this.#lastLook.isOld && this.#file.mayHaveChangedNow()) {
      return this.#look();
    }
    return this.#overdue;
  }

  #pollLater(): void {
    this.#poll = setTimeout(() => {
      void this.#look(() => {
        this.#pollLater();
      });
    }, POLL_INTERVAL).unref();
  }

  #look(afterwards?: () => void): Promise<void> {
    const isOverdue = this.#lastLook.isOld;
    this.#lastLook.note();
    const look = this.#access.run(async () => {
      await this.#refresh();
      afterwards?.();
    });
    // Until it ends, the known users are those of before this process stood still.
    if (isOverdue) {
      const overdue = look.finally(() => {
        if (this.#overdue === overdue) this.#overdue = undefined;
      });
      this.#overdue = overdue;
    }
    return look;
  }

  async #refresh(): Promise<void> {
    try {
      if (await this.#file.mayHaveChanged()) await this.#adoptRead(await this.#file.read());
      if (this.#reported !== undefined) {
        this.#logger.info(`the user file ${this.#path} is in order again`);
      }
      this.#suspected = this.#reported = undefined;
    } catch (error) {
      this.#report(fileFailure(this.#path, error).message);
    }
  }

  /** Compares the users in slices, and swaps them all at once. */
  async #adoptRead(users: UserMap): Promise<void> {
    if (users === this.#users) return;
    const changed = await users.changedSince(this.#users, await Turn.takeUrgently());
    this.#take({ users, changed });
  }

  #take({ users, changed }: Revision): void {
    this.#users = users;
    this.#adopt?.(users, changed);
    this.#warnIfLarge();
  }

  #warnIfLarge(): void {
    if (this.#isLarge || this.#users.size <= MANY_USERS) return;
    this.#isLarge = true;
    warn(
      'WRN_KAUTH_STORE_FILE_SIZE',
      `${this.#path} holds ${String(this.#users.size)} users, and is read and written as a whole at each change: keep them in SQLite (store.path without .json, users export and import)`,
      this.#logger,
    );
  }

  /**
   * Logs a problem once, and only if it is seen twice in a row: an editor that writes in place
   * shows half a file for a moment.
   */
  #report(problem: string): void {
    if (problem === this.#suspected && problem !== this.#reported) {
      this.#reported = problem;
      const message = `${problem}. Until it is mended, the users last read remain`;
      tellFailure('WRN_KAUTH_STORE_FILE_UNUSABLE', message, this.#logger);
    }
    this.#suspected = problem;
  }
}
