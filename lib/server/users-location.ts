import { resolve } from 'node:path';
import type { Config } from '../index.js';

/** Tells an operator where users are kept. */
export function usersLocation({ auth, store }: Config): string {
  if (auth.metaAddr.length > 0) return `the meta node at ${auth.metaAddr.join(', ')}`;
  return store.path === ':memory:' ? 'memory' : `${resolve(store.path)} (${store.type})`;
}
