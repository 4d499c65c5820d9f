import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { kapacitorAuth } from '../../index.js';
import type { Config, Logger, Subscriptions, Users } from '../../index.js';
import { silenceNoUsers } from '../../server/silence-no-users.js';
import { usersLocation } from '../../server/users-location.js';
import { authOptions } from '../source-options.js';
import type { SourceOptions } from '../source-options.js';
import type { Terminal } from '../terminal.js';

/** The users that a command is about. */
export interface OpenUsers {
  readonly users: Users;
  /** The subscription tokens beside them, where any are kept. */
  readonly subscriptions: Subscriptions | undefined;
  /** Where they are kept, for people. */
  readonly location: string;
}

/**
 * Does something with the users of the store that a command line means, and closes it.
 *
 * @throws Error where there are no users to be managed here
 */
export async function withUsers(
  command: Command,
  terminal: Terminal,
  use: (open: OpenUsers) => Promise<void>,
): Promise<void> {
  const auth = kapacitorAuth({
    ...authOptions(command.optsWithGlobals<SourceOptions>()),
    logger: warningsOnly(terminal),
  });
  try {
    const { users, subscriptions, config } = auth;
    const location = usersLocation(config);
    if (users === undefined)
      throw new Error(`users are managed where they are kept: on ${location}`);
    if (!mayBeMade(config, command)) {
      throw new Error(`there are no users at ${location}: see --store, or begin with "users add"`);
    }
    await use({ users, subscriptions, location });
  } finally {
    await auth.close();
  }
}

/** Only `users add` makes a store: any other command that finds none was started in the wrong folder. */
function mayBeMade({ store }: Config, command: Command): boolean {
  return command.name() === 'add' || store.path === ':memory:' || existsSync(store.path);
}

/** Failures end a command and are told then. */
function warningsOnly({ stderr }: Terminal): Logger {
  const ignore = (): void => undefined;
  const warn = (message: string): void => void stderr.write(`kapacitor-auth: ${message}\n`);
  return silenceNoUsers({ info: ignore, warn, error: ignore });
}
