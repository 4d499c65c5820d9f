import type { Command } from 'commander';
import type { Config, Subscriptions, Users } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { withAuth } from '../with-auth.js';

/** The users that a command works on. */
export interface OpenUsers {
  readonly users: Users;
  /** The subscription tokens of the store; undefined if it keeps none. */
  readonly subscriptions: Subscriptions | undefined;
  readonly config: Config;
  /** The place of the users, for people. */
  readonly location: string;
}

/**
 * Opens the store that a command line names, uses its users, and closes it.
 *
 * @throws Error if the users are managed elsewhere, as those of a meta node are
 */
export async function withUsers(
  command: Command,
  terminal: Terminal,
  use: (open: OpenUsers) => Promise<void>,
): Promise<void> {
  await withAuth(command, terminal, async ({ auth, location }) => {
    const { users, subscriptions, config } = auth;
    if (users === undefined)
      throw new Error(`users are managed where they are kept: on ${location}`);
    await use({ users, subscriptions, config, location });
  });
}
