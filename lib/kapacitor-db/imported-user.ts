import { MOST_GRANTS } from '../privileges/grant.js';
import type { Permission } from '../privileges/permission.js';
import { privilegeNames } from '../privileges/privilege.js';
import type { UserType } from '../privileges/user.js';
import { checkNewUserName } from '../stores/rules/user-name.js';
import { carryRights } from './carried-rights.js';
import { effectiveRights } from './effective-rights.js';
import { databaseName, isOfDatabases } from './grant-place.js';
import type { LeftOut } from './left-out.js';
import { userCommand } from './left-out.js';
import type { UserRecord } from './user-record.js';

/** A user of Kapacitor in the terms of this package. */
export interface ImportedUser {
  /** The name, which a user may have here. */
  readonly name: string;
  /** `admin` if Kapacitor has the user as an administrator. */
  readonly type: UserType;
  /** The bcrypt hash as Kapacitor keeps it: `$2a$`. */
  readonly hash: string;
  /** The permissions that Kapacitor shows, as far as they don't say more than it allows. */
  readonly permissions: readonly Permission[];
  /** The rights that no permission says, such as `read:config`; sorted by place. */
  readonly grants: readonly string[];
}

/** One record of the file, understood. */
export interface Understood<T> {
  /** Undefined if it can't be taken over; `leftOut` then says why. */
  readonly taken?: T;
  readonly leftOut: readonly LeftOut[];
}

/** Puts a user of Kapacitor into the terms of this package; never with more rights than there. */
export function importedUser(record: UserRecord): Understood<ImportedUser> {
  const { name, hash, isAdmin } = record;
  const problem = nameProblem(name);
  if (problem !== undefined) return nothing(name, problem, 'NAME');
  if (hash === '') return nothing(name, 'it has no password, so it could not log in');
  const rights = effectiveRights(record.privileges);
  if (rights === undefined) {
    const reason = 'it has a privilege that Kapacitor itself refuses, so it could not log in';
    return nothing(name, reason);
  }
  const carried = carryRights(rights);
  if (isAdmin) {
    // An administrator may do everything: grants are refused for one, and nothing can be lost.
    const permissions = carried?.permissions ?? [];
    return {
      taken: Object.freeze({ name, hash, permissions, type: 'admin', grants: [] }),
      leftOut: [],
    };
  }
  if (carried === undefined || carried.grants.length > MOST_GRANTS) {
    const reason =
      carried === undefined
        ? 'a privilege was taken away from it at a place that no grant can name'
        : `it would need ${String(carried.grants.length)} grants, and ${String(MOST_GRANTS)} are the most`;
    return nothing(name, reason);
  }
  const { permissions, grants, lost } = carried;
  return {
    taken: Object.freeze({ name, hash, permissions, type: 'normal', grants }),
    leftOut: lost.map(({ resource, set, why }): LeftOut => {
      const names = privilegeNames(set).join(',');
      return {
        kind: 'privilege',
        name,
        reason: `${JSON.stringify(names)} on ${JSON.stringify(resource)}: ${why}`,
        command: userCommand('grant', name, `${names}:${handPlace(resource)}`),
      };
    }),
  };
}

function nameProblem(name: string): string | undefined {
  try {
    checkNewUserName(name);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param instead - the name that the command makes a user with */
function nothing(name: string, reason: string, instead: string = name): Understood<never> {
  return { leftOut: [{ kind: 'user', name, reason, command: userCommand('add', instead) }] };
}

/** The place for a grant by hand: a word in capitals is to be filled in. */
function handPlace(resource: string): string {
  const database = databaseName(resource);
  if (database === undefined) return isOfDatabases(resource) ? 'database/NAME' : 'ENDPOINT';
  return database === ''
    ? 'database'
    : `database/${/^[\w.-]+$/.test(database) ? database : 'NAME'}`;
}
