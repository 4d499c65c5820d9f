import type { Command } from 'commander';
import type { KapacitorAuthOptions } from '../index.js';

/** The options that every command takes: where the configuration and the users are. */
export interface SourceOptions {
  readonly config?: string;
  readonly store?: string;
}

export function addSourceOptions(program: Command): void {
  program
    .option(
      '--config <file>',
      'the kapacitor.conf to read; else KAPACITOR_CONFIG_PATH, ~/.kapacitor, /etc/kapacitor',
    )
    .option(
      '--store <path>',
      'where users are kept: a SQLite database, or a file if it ends in .json; else [store] of the configuration, else kapacitor-auth.db in this folder',
    );
}

/** What the options of a command line mean to `kapacitorAuth`. */
export function authOptions({ config, store }: SourceOptions): KapacitorAuthOptions {
  return {
    ...(config !== undefined && { configFile: config }),
    ...(store !== undefined && { store: { type: storeType(store), path: store } }),
  };
}

/**
 * The same for commands that manage users, whether or not a server would ask for credentials: on Kapacitor's machine a
 * kapacitor.conf is found that switches authentication off.
 */
export function managementOptions(source: SourceOptions): KapacitorAuthOptions {
  return { ...authOptions(source), http: { authEnabled: true }, auth: { enabled: true } };
}

function storeType(path: string): 'file' | 'sqlite' {
  return path.toLowerCase().endsWith('.json') ? 'file' : 'sqlite';
}
