import { fileFailure } from './failure.js';
import { withFileLock } from './file-lock.js';
import { SerialQueue } from '../in-memory/serial-queue.js';
import { UserFile } from './user-file.js';
import { LastLook } from '../rules/last-look.js';
import { notOpen } from '../in-memory/persistence.js';
import type { Logger } from '../../logger.js';
import type { UserBackend } from '../in-memory/persistence.js';
import type { UserMap } from '../in-memory/user-map.js';

/** Milliseconds between two looks at the file. */
const POLL_INTERVAL = 200;

/** How many changes may wait for each other. */
const MOST_CHANGES = 1_000;

/** Keeps users in a file, and sees what others write there. */
export class FileBackend implements UserBackend {
  readonly #path: string;
  readonly #logger: Logger;
  /** Milliseconds. */
  readonly #lockTimeout: number;
  readonly #file: UserFile;
  /** The changes of this process wait for each other here rather than for the lock. */
  readonly #changes = new SerialQueue(MOST_CHANGES);
  /** Whoever uses the file: a change that holds the lock, or a look at what others wrote. */
  readonly #access = new SerialQueue();
  /** Defined while it is open. */
  #adopt: ((users: UserMap) => void) | undefined;
  #poll: NodeJS.Timeout | undefined;
  readonly #lastLook = new LastLook();
  #overdue: Promise<void> | undefined;
  #suspected: string | undefined;
  #reported: string | undefined;

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

  async open(adopt: (users: UserMap) => void): Promise<void> {
    await this.#access.run(async () => {
      if (this.#adopt !== undefined) return;
      try {
        adopt(await this.#file.read());
      } catch (error) {
        throw fileFailure(this.#path, error);
      }
      this.#adopt = adopt;
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

  async change<Revision extends { readonly users: UserMap }>(
    revise: (users: UserMap) => Revision,
  ): Promise<Revision> {
    try {
      return await this.#changes.run(async () => {
        const adopt = this.#adopt;
        if (adopt === undefined) throw notOpen();
        const realPath = await this.#file.realPath();
        return withFileLock(realPath, this.#lockTimeout, () =>
          this.#access.run(async () => {
            const revision = await this.#file.change(realPath, (users) => {
              adopt(users);
              return revise(users);
            });
            adopt(revision.users);
            return revision;
          }),
        );
      });
    } catch (error) {
      throw fileFailure(this.#path, error);
    }
  }

  /** Looks at the file if nobody did so for long; a promise until its users are known. */
  catchUp(): Promise<void> | undefined {
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
    // Until it ends, what is known is of before this process stood still.
    if (isOverdue) {
      this.#overdue = look.finally(() => {
        this.#overdue = undefined;
      });
    }
    return look;
  }

  async #refresh(): Promise<void> {
    try {
      if (await this.#file.mayHaveChanged()) this.#adopt?.(await this.#file.read());
      if (this.#reported !== undefined) {
        this.#logger.info(`the user file ${this.#path} is in order again`);
      }
      this.#suspected = this.#reported = undefined;
    } catch (error) {
      this.#report(fileFailure(this.#path, error).message);
    }
  }

  /** An editor that writes in place shows half a file for a moment: only what is seen twice is said, once. */
  #report(problem: string): void {
    if (problem === this.#suspected && problem !== this.#reported) {
      this.#reported = problem;
      this.#logger.error(`${problem}. Until it is mended, the users last read remain`);
    }
    this.#suspected = problem;
  }
}
