import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../lib/config/config.js';
import type { KapacitorAuthOptions } from '../../lib/config/kapacitor-auth-options.js';
import { loadConfig } from '../../lib/config/load.js';
import type { ConfigProblem } from '../../lib/errors.js';
import { ConfigError } from '../../lib/errors.js';
import type { Logger } from '../../lib/logger.js';
import { removeFolder } from '../support/remove-folder.js';

/** A folder of its own for the files of one spec file, removed at the end. */
export function temporaryFolder(): {
  readonly path: string;
  write(name: string, text: string | Buffer): string;
} {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'kapacitor-auth-config-')));
  afterAll(() => {
    removeFolder(path);
  });
  const write = (name: string, text: string | Buffer): string => {
    const file = join(path, name);
    writeFileSync(file, text);
    return file;
  };
  return { path, write };
}

/** An environment in which no file of this machine is read. */
export const NO_FILE: NodeJS.ProcessEnv = Object.freeze({ KAPACITOR_CONFIG_PATH: devNull });

/** A logger that remembers what it was told. */
export function rememberingLogger(): Logger & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    warnings,
    info: jest.fn(),
    error: jest.fn(),
    warn: (message) => void warnings.push(message),
  };
}

/** Loads with code that no type looked at, as plain JavaScript would. */
export function loadUntyped(options: unknown, environment: NodeJS.ProcessEnv = NO_FILE): Config {
  return loadConfig(options as KapacitorAuthOptions, environment);
}

/** The error of a configuration that must not load. */
export function errorOf(options: unknown, environment?: NodeJS.ProcessEnv): ConfigError {
  try {
    loadUntyped(options, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** The problems of a configuration that must not load. */
export function problemsOf(
  options: unknown,
  environment?: NodeJS.ProcessEnv,
): readonly ConfigProblem[] {
  return errorOf(options, environment).problems;
}

/** Loads without any file of this machine and without a word. */
export function load(
  options: KapacitorAuthOptions = {},
  environment: NodeJS.ProcessEnv = {},
): Config {
  return loadConfig({ logger: rememberingLogger(), ...options }, { ...NO_FILE, ...environment });
}
