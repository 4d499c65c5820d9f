import type { Config } from '../../index.js';
import { ConfigError } from '../../index.js';

/**
 * Returns the reason why a server of several workers does not start: its users are in the memory of
 * one process.
 *
 * @returns undefined if all workers can have the same users
 */
export function keptInOneProcess({
  store,
  origins,
  userSource,
  auth,
}: Config): ConfigError | undefined {
  const isLocal = userSource === undefined && auth.metaAddr.length === 0;
  if (!isLocal || store.type === 'postgres' || store.path !== ':memory:') return undefined;
  const problem = 'users in memory belong to one process: name a file, or leave --workers out';
  return new ConfigError([
    { key: 'store.path', origin: origins['store.path'] ?? 'default', problem },
  ]);
}
