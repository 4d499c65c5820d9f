import type { Command } from 'commander';
import type { KapacitorAuthOptions } from '../index.js';

/** Options of every command: the places of the configuration and of the users. */
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

/** Turns options of a command line into those of `kapacitorAuth`. */
export function authOptions({ config, store }: SourceOptions): KapacitorAuthOptions {
  return {
    ...(config !== undefined && { configFile: config }),
    ...(store !== undefined && { store: { type: storeType(store), path: store } }),
  };
}

/**
 * Does the same for commands that manage users. They need the users even if a server would not ask
 * for credentials: Kapacitor's machine may have a kapacitor.conf that switches authentication off.
 */
export function managementOptions(source: SourceOptions): KapacitorAuthOptions {
  return { ...authOptions(source), http: { authEnabled: true }, auth: { enabled: true } };
}

function storeType(path: string): 'file' | 'sqlite' {
  return path.toLowerCase().endsWith('.json') ? 'file' : 'sqlite';
}
