import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileUserStoreOptions } from '../../lib/stores/file-store.js';
import { FileUserStore } from '../../lib/stores/file-store.js';
import { listeningLogger } from '../support/listening-logger.js';

export const HASH = `$2b$04$${'a'.repeat(53)}`;

export const AMY = { name: 'amy', type: 'normal', hash: HASH, permissions: [] } as const;

/** A file of users in a folder of its own, and the stores that have it open. */
export class FileBench {
  readonly folder: string;
  readonly path: string;
  readonly logger = listeningLogger();
  readonly #opened: FileUserStore[] = [];

  constructor(root: string) {
    this.folder = mkdtempSync(join(root, 'bench-'));
    this.path = join(this.folder, 'users.json');
  }

  /** Writes the file in place, as a person does. */
  write(users: readonly object[]) {
    writeFileSync(this.path, JSON.stringify({ version: 1, users }), { mode: 0o600 });
  }

  make({ path = this.path, ...options }: FileUserStoreOptions & { path?: string } = {}) {
    const store = new FileUserStore(path, { logger: this.logger, ...options });
    this.#opened.push(store);
    return store;
  }

  async open(options?: FileUserStoreOptions & { path?: string }) {
    const store = this.make(options);
    await store.open();
    return store;
  }

  /** Opens a store that looks at its file only when it is told to: `look` returns once it has looked. */
  async openLooking() {
    jest.useFakeTimers({
      doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'],
    });
    const store = await this.open();
    const look = async () => {
      jest.advanceTimersByTime(1000);
      // Waits for its turn.
      await store.open();
    };
    return { store, look };
  }

  async end() {
    jest.useRealTimers();
    for (const store of this.#opened) await store.close();
  }
}
