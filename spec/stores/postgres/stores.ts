import type { Logger } from '../../../lib/logger.js';
import type { PostgresUserStoreOptions } from '../../../lib/stores/postgres/postgres-options.js';
import { PostgresUserStore } from '../../../lib/stores/postgres-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';

export const amy: StoredUser = {
  name: 'amy',
  type: 'normal',
  hash: '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu',
  permissions: ['api'],
};

export const OTHER_HASH = amy.hash.replace('wooJ', 'wooK');

/** Keeps what is logged, a line each: `warn: …`. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const level = (name: string) => (message: string) => {
    lines.push(`${name}: ${message}`);
  };
  return { lines, info: level('info'), warn: level('warn'), error: level('error') };
}

/** Opens stores, and closes them after each test. */
export function openStores() {
  const stores: PostgresUserStore[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  const make = (options: PostgresUserStoreOptions) => {
    const store = new PostgresUserStore({ logger: recordingLogger(), ...options });
    stores.push(store);
    return store;
  };
  const open = async (options: PostgresUserStoreOptions) => {
    const store = make(options);
    await store.open();
    return store;
  };
  return { make, open };
}

let schemas = 0;

/** A name for a schema that nobody has. */
export function newSchema(): string {
  return `s${String((schemas += 1))}`;
}

/** Returns the reason with which a promise is rejected. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
