import type { UserSource } from '../stores/user-store.js';
import type { StoreConfig } from './sections/store.js';

/** The parts of a configuration that say which users are meant. */
export interface UsersPlace {
  readonly type?: StoreConfig['type'] | undefined;
  readonly metaAddr?: readonly string[] | undefined;
}

/**
 * Returns true if the users are in a store that counts failed logins for all processes on it.
 *
 * @param source - the store given in code, if any
 */
export function countsFailures(
  source: UserSource | undefined,
  { type, metaAddr = [] }: UsersPlace,
): boolean {
  if (source !== undefined) return typeof source.failures === 'function';
  return type === 'postgres' && metaAddr.length === 0;
}
