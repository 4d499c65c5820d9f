import type { Command } from 'commander';
import type { KapacitorAuthOptions, StoreOptions } from '../index.js';

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
      'where users are kept: a SQLite database, a file if it ends in .json, or postgres://host/database (a password in it is seen by others: see KAPACITOR_STORE_URL); else [store] of the configuration, else kapacitor-auth.db in this folder',
    );
}

/** Turns options of a command line into those of `kapacitorAuth`. */
export function authOptions({ config, store }: SourceOptions): KapacitorAuthOptions {
  return {
    ...(config !== undefined && { configFile: config }),
    ...(store !== undefined && { store: storeOptions(store) }),
  };
}

/**
 * Does the same for commands that manage users. They need the users even if a server would not ask
 * for credentials: Kapacitor's machine may have a kapacitor.conf that switches authentication off.
 */
export function managementOptions(source: SourceOptions): KapacitorAuthOptions {
  return { ...authOptions(source), http: { authEnabled: true }, auth: { enabled: true } };
}

function storeOptions(store: string): StoreOptions {
  // Also a URL with a mistake in its scheme: as the path of a file, its password would be shown.
  if (/^(?:[a-z][\w+.-]*:\/\/|postgres(?:ql)?:)/i.test(store))
    return { type: 'postgres', url: store };
  return { type: store.toLowerCase().endsWith('.json') ? 'file' : 'sqlite', path: store };
}
