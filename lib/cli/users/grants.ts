import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { UserInfo } from '../../index.js';
import { canonicalGrants, InvalidRequestError } from '../../index.js';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { withUsers } from './with-users.js';

/** The form of a grant, for a command's help. */
export const GRANTS_HELP = `
A grant is PRIVILEGES:PLACE, and counts beside the permissions. Privileges are read, write, delete (a list), all or none. A place is
"database", "database/NAME", "database/NAME/POLICY", or an endpoint such as "tasks/cpu_alert"; "*" at its end stands for all that
begin so. The most specific place decides.`;

const NOTES = `${GRANTS_HELP}

Examples:
  $ kapacitor-auth users grant amy write:database/telegraf
  $ kapacitor-auth users grant amy read:tasks 'all:tasks/team-a.*'
  $ kapacitor-auth users revoke amy write:database/telegraf`;

export function addGrantCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('grant')
    .argument('<name>', 'the name of a user')
    .argument('<grants...>', 'such as write:database/telegraf', parseGrant)
    .description('give a user privileges at places, beside its permissions')
    .addHelpText('after', notes(NOTES))
    .action(
      async (name: string, grants: readonly string[], _options: unknown, command: Command) => {
        await withUsers(command, terminal, async (open) => {
          await existingUser(open, name);
          tell(terminal, await open.users.grant(name, grants), open.location);
        });
      },
    );
}

export function addRevokeCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('revoke')
    .argument('<name>', 'the name of a user')
    .argument('<grants...>', 'such as write:database/telegraf', parseGrant)
    .description('take grants from a user; "users set --permissions none" takes all')
    .addHelpText('after', notes(NOTES))
    .action(
      async (name: string, grants: readonly string[], _options: unknown, command: Command) => {
        await withUsers(command, terminal, async (open) => {
          await existingUser(open, name);
          tell(terminal, await open.users.revoke(name, grants), open.location);
        });
      },
    );
}

function tell({ stdout }: Terminal, user: UserInfo, location: string): void {
  stdout.write(`changed ${user.name} (grants: ${showGrants(user)}) in ${location}\n`);
}

/**
 * Reads one of several grants.
 *
 * @throws InvalidArgumentError for what is no grant
 */
export function parseGrant(grant: string, before: readonly string[] = []): readonly string[] {
  try {
    return [...before, ...canonicalGrants([grant])];
  } catch (error) {
    if (error instanceof InvalidRequestError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

/** Tells people what grants a user has beside the permissions, if any. */
export function showMore(user: Pick<UserInfo, 'grants'>): string {
  return user.grants === undefined ? '' : `; grants: ${showGrants(user)}`;
}

/** Tells people what grants a user has. */
export function showGrants({ grants = [] }: Pick<UserInfo, 'grants'>): string {
  return grants.length === 0 ? 'none' : grants.join(' ');
}
