import { rm } from 'node:fs/promises';
import type { Config, Logger } from '../index.js';
import type { FirstAdmin, KeptPassword } from '../server/first-admin.js';
import type { RunningServer } from '../server/start-server.js';
import { messageOf } from './message-of.js';
import { firstAdminNotice } from './notices.js';
import type { PasswordFiles } from './password-files.js';
import { keptPasswords, passwordFiles, settlePasswordFile } from './password-files.js';
import type { Terminal } from './terminal.js';
import { writePrivateFile } from './write-private-file.js';

const STILL_THERE =
  'is still there: the password in it may be, or have been, that of the first administrator; keep it elsewhere, and delete the file';

/**
 * Keeps the password of the first administrator until somebody can read it: from before the
 * administrator is made, in a file that only its owner may read. Whatever ends the start then, the
 * password is not lost.
 */
export class FirstPassword {
  readonly #stderr: Terminal['stderr'];
  readonly #logger: Logger;
  #file: string | undefined;
  #isMade = false;
  /** True if standard error has the password, since no file could be written. */
  #isTold = false;

  constructor(stderr: Terminal['stderr'], logger: Logger) {
    this.#stderr = stderr;
    this.#logger = logger;
  }

  /** Keeps a password that an administrator is about to get. */
  async keep({ store }: Pick<Config, 'store'>, password: string): Promise<KeptPassword> {
    const files = passwordFiles(store);
    // Users in memory end with the process.
    if (files !== undefined) await this.#write(files, password);
    return {
      settle: async () => {
        this.#isMade = true;
        if (files !== undefined && this.#file !== undefined)
          this.#file = await settlePasswordFile(files);
      },
      drop: async () => {
        this.#takeBack();
        await this.#remove();
      },
    };
  }

  /** Says if files of earlier starts still lie beside the store. */
  tellOfEarlier(config: Config): void {
    for (const file of keptPasswords(config)) {
      if (file !== this.#file) this.#logger.warn(`${file} ${STILL_THERE}`);
    }
  }

  /**
   * Shows the password at a terminal, where no file is needed any more. Without a terminal, output
   * ends in a log, so the password stays in its file.
   */
  async tell(
    { name, password }: FirstAdmin,
    place: Pick<RunningServer, 'url' | 'pages'>,
  ): Promise<void> {
    const isShown = this.#stderr.isTTY === true;
    const file = isShown ? undefined : this.#file;
    const isTold = this.#isTold;
    if (file !== undefined) this.#logger.info(`the first password of "${name}" is in ${file}`);
    this.#stderr.write(firstAdminNotice({ name, password, file, isTold }, place));
    if (isShown) await this.#remove();
  }

  /** Says where the password is if the start failed after the administrator was made. */
  tellOfFailure(): void {
    if (this.#file === undefined) return;
    const who = this.#isMade ? 'was made' : 'may have been made';
    this.#stderr.write(
      `kapacitor-auth: the administrator ${who}; the password is in ${this.#file}: read it, and remove the file\n`,
    );
  }

  async #write(files: PasswordFiles, password: string): Promise<void> {
    try {
      await writePrivateFile(files.own, `${password}\n`);
      this.#file = files.own;
    } catch (error) {
      // Otherwise nobody would ever know the password.
      this.#logger.warn(`the first password is on standard error: ${messageOf(error)}`);
      this.#stderr.write(
        `kapacitor-auth: the password of the administrator that is made now: ${password}\n`,
      );
      this.#isTold = true;
    }
  }

  /** Nobody got the password that standard error has. */
  #takeBack(): void {
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#stderr.write(
      'kapacitor-auth: the password above is not used: this process has not made the administrator (if others started as well, one of them has)\n',
    );
  }

  async #remove(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      await rm(this.#file, { force: true });
    } catch (error) {
      this.#logger.warn(`${this.#file} ${STILL_THERE} (${messageOf(error)})`);
    }
    this.#file = undefined;
  }
}
