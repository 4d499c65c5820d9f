import type { Command } from 'commander';
import type { Subscriptions } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { withUsers } from '../users/with-users.js';

/** The subscriptions that a command works on. */
export interface OpenSubscriptions {
  readonly subscriptions: Subscriptions;
  /** The place of the store, for people. */
  readonly location: string;
}

/**
 * Opens the store that a command line names, uses its subscriptions, and closes it.
 *
 * @throws Error if the store keeps none
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
