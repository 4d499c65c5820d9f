import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Permission, UserInfo, UserType } from '../../index.js';
import { canonicalGrants, InvalidRequestError } from '../../index.js';
import { PERMISSION_NAMES } from './permissions.js';

/** Selects users of a list; what is left out selects all. */
export interface ListFilters {
  readonly type?: UserType;
  readonly permission?: Permission;
  readonly grant?: string;
  readonly disabled?: true;
}

export function addListFilters(command: Command): Command {
  return command
    .addOption(new Option('--type <type>', 'only users of a type').choices(['admin', 'normal']))
    .addOption(
      new Option('--permission <name>', 'only users who have a permission').choices(
        PERMISSION_NAMES,
      ),
    )
    .option(
      '--grant <grant>',
      'only users who have a grant, such as write:database/telegraf',
      parseOneGrant,
    )
    .option('--disabled', 'only users who are disabled');
}

/** Returns a test of users; undefined if all are meant. */
export function listFilter({
  type,
  permission,
  grant,
  disabled,
}: ListFilters): ((user: UserInfo) => boolean) | undefined {
  const tests: ((user: UserInfo) => boolean)[] = [];
  if (type !== undefined) tests.push((user) => user.type === type);
  if (permission !== undefined) tests.push(({ permissions }) => permissions.includes(permission));
  if (grant !== undefined) tests.push(({ grants = [] }) => holds(grants, grant));
  if (disabled === true) tests.push((user) => user.disabled === true);
  return tests.length === 0 ? undefined : (user) => tests.every((test) => test(user));
}

/** Returns true if a grant adds nothing to those that are held. */
function holds(held: readonly string[], grant: string): boolean {
  // "none" adds nothing to any other.
  if (grant.startsWith('none:')) return held.includes(grant);
  return canonicalGrants([...held, grant]).join('\n') === held.join('\n');
}

function parseOneGrant(grant: string): string {
  try {
    return canonicalGrants([grant])[0] ?? grant;
  } catch (error) {
    if (error instanceof InvalidRequestError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}
