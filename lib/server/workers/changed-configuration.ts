import { isDeepStrictEqual } from 'node:util';
import type { Config, KapacitorAuthOptions } from '../../index.js';
import { ConfigError, loadConfig } from '../../index.js';

/**
 * Returns true if a worker that starts now reads other settings than the first ones read, as
 * somebody changed the file. One that can't be used at all keeps the worker from starting, which
 * says why.
 */
export function isConfigurationChanged(first: Config, options: KapacitorAuthOptions): boolean {
  try {
    const now = loadConfig({ ...options, logger: first.logger });
    return !isDeepStrictEqual(valuesOf(now), valuesOf(first));
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** Settings without their origins: a line that moved is no change. */
function valuesOf(config: Config): unknown {
  return { ...config, origins: undefined, leftAside: undefined };
}
