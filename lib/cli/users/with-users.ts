import type { Command } from 'commander';
import type { Subscriptions, Users } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { withAuth } from '../with-auth.js';

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
  await withAuth(command, terminal, async ({ auth: { users, subscriptions }, location }) => {
    if (users === undefined)
      throw new Error(`users are managed where they are kept: on ${location}`);
    await use({ users, subscriptions, location });
  });
}
