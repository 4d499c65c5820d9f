import type { ApiRequest } from './api-request.js';
import { PrivilegeTable } from './privileges.js';
import {
  DATABASE_RESOURCE,
  databaseResource,
  isForAdmins,
  retentionPolicyResource,
} from './resource.js';
import type { KapacitorUser } from './user.js';

/**
 * What a request to Kapacitor's API needs its privilege on: its `endpoint`; the same `endpoint-in-any-case`, since a router
 * that takes `/CONFIG` for `/config` must never run a handler the user has no privilege for; the `database` it writes to. Others
 * than administrators are refused as `administrator` what is for those only (`/api/storage`).
 */
export type ApiRule = 'administrator' | 'endpoint' | 'endpoint-in-any-case' | 'database';

/** One rule, and whether a request keeps it. */
export interface ApiVerdict {
  readonly rule: ApiRule;
  /** The resource on which the request needs its privilege. */
  readonly resource: string;
  readonly allowed: boolean;
}

/** How requests are judged. */
export interface JudgeOptions {
  /**
   * Whether whoever serves the request tells `/CONFIG` from `/config`; false when left out, as Express' routers don't.
   */
  readonly caseSensitive?: boolean;
}

const caseless = new WeakMap<KapacitorUser, PrivilegeTable>();

/** The user's privileges for routers that ignore case, made once a user. */
export function caselessPrivileges(user: KapacitorUser): PrivilegeTable {
  const known = caseless.get(user);
  if (known !== undefined) return known;
  const table = new PrivilegeTable(user.privileges).ignoringCase();
  caseless.set(user, table);
  return table;
}

/**
 * Decides whether a user may make a request: all rules that it must keep, in order, up to the first that it doesn't. So the
 * last verdict is that on the request.
 */
export function decideApiRequest(
  user: KapacitorUser,
  request: ApiRequest,
  { caseSensitive = false }: JudgeOptions,
): readonly ApiVerdict[] {
  const { privilege, resource, database, retentionPolicy } = request;
  const verdicts: ApiVerdict[] = [];
  const keeps = (rule: ApiRule, on: string, allowed: boolean): boolean => {
    verdicts.push({ rule, resource: on, allowed });
    return allowed;
  };
  const folded = caseSensitive ? resource : resource.toLowerCase();
  if (isForAdmins(folded) && !user.admin && privilege !== 'none') {
    keeps('administrator', folded, false);
    return verdicts;
  }
  if (!keeps('endpoint', resource, user.can(privilege, resource))) return verdicts;
  if (!caseSensitive) {
    const isAllowed = caselessPrivileges(user).allows({ privilege, resource: folded });
    if (!keeps('endpoint-in-any-case', folded, isAllowed)) return verdicts;
  }
  if (database !== undefined) {
    const isAllowed = user.canDatabase(privilege, database, retentionPolicy);
    keeps('database', placeOf(database, retentionPolicy), isAllowed);
  } else if (request.isWrite && user.source === 'subscription') {
    // Whoever serves the write may have a database for those who name none.
    keeps('database', DATABASE_RESOURCE, false);
  }
  return verdicts;
}

function placeOf(database: string, retentionPolicy: string | undefined): string {
  return retentionPolicy === undefined
    ? databaseResource(database)
    : retentionPolicyResource(database, retentionPolicy);
}
