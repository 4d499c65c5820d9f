import type { Command } from 'commander';
import type { Subscriptions } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { withUsers } from '../users/with-users.js';

/** The subscriptions that a command is about. */
export interface OpenSubscriptions {
  readonly subscriptions: Subscriptions;
  /** Where they are kept, for people. */
  readonly location: string;
}

/**
 * Does something with the subscriptions of the store that a command line means, and closes it.
 *
 * @throws Error where none are kept
 */
export async function withSubscriptions(
  command: Command,
  terminal: Terminal,
  use: (open: OpenSubscriptions) => Promise<void>,
): Promise<void> {
  await withUsers(command, terminal, async ({ subscriptions, location }) => {
    if (subscriptions === undefined) throw new Error(`${location} keeps no subscription tokens`);
    await use({ subscriptions, location });
  });
}
