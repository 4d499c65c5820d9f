import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config, KapacitorAuth } from '../index.js';
import { kapacitorAuth, MemoryUserStore } from '../index.js';
import { usersLocation } from '../server/users-location.js';
import { systemErrorCode } from '../system-error.js';
import type { SourceOptions } from './source-options.js';
import { authOptions, managementOptions } from './source-options.js';
import { stderrLogger } from './stderr-logger.js';
import type { Terminal } from './terminal.js';

/** The users that a command asks about, wherever they are. */
export interface OpenAuth {
  readonly auth: KapacitorAuth;
  /** The place of the users, for people. */
  readonly location: string;
}

/**
 * Opens the users that a command line names, uses them, and closes their store.
 *
 * @throws Error if local users are meant and there are none
 */
export async function withAuth(
  command: Command,
  terminal: Terminal,
  use: (open: OpenAuth) => Promise<void>,
): Promise<void> {
  const source = command.optsWithGlobals<SourceOptions>();
  const asServed = command.name() === 'explain';
  const auth = kapacitorAuth({
    ...(asServed ? authOptions(source) : managementOptions(source)),
    logger: stderrLogger(terminal),
  });
  try {
    const { users, config } = auth;
    const location = usersLocation(config);
    if (users !== undefined && isOnDisk(config) && !mayBeMade(command)) {
      const found = look(resolve(config.store.path));
      if (found === 'nothing' && isMaker(command)) {
        await use({ auth: emptyAuth(config, terminal), location });
        return;
      }
      if (found === 'nothing') {
        throw new Error(
          `there are no users at ${location}: see --store, or begin with "users add"`,
        );
      }
      // The store says what is wrong.
      if (found === 'no way') await auth.ready();
    }
    await use({ auth, location });
  } finally {
    await auth.close();
  }
}

/** Commands that create a store. Another one that finds none was started in the wrong folder. */
const MAKERS: readonly string[] = ['add', 'import'];

function mayBeMade(command: Command): boolean {
  return isMaker(command) && command.getOptionValue('dryRun') !== true;
}

function isMaker(command: Command): boolean {
  return MAKERS.includes(command.name());
}

function isOnDisk({ store }: Config): boolean {
  return store.type !== 'postgres' && store.path !== ':memory:';
}

/** Stands in for a store that is not there yet, in a dry run. */
function emptyAuth({ auth: { bcryptCost } }: Config, terminal: Terminal): KapacitorAuth {
  return kapacitorAuth({
    configFile: false,
    store: new MemoryUserStore(),
    auth: { bcryptCost },
    logger: stderrLogger(terminal),
  });
}

/**
 * Looks for a file; `no way` means that its folder is missing or closed to this user, so that
 * nobody can say that there is none.
 */
function look(path: string): 'file' | 'nothing' | 'no way' {
  try {
    statSync(path);
    return 'file';
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' && existsSync(dirname(path)) ? 'nothing' : 'no way';
  }
}
