import type { ApiRequest } from './api-request.js';
import type { PrivilegeTable } from './privileges.js';
import { DATABASE_RESOURCE, isForAdmins, placeResource } from './resource.js';
import type { KapacitorUser } from './user.js';
import { privilegeTableOf } from './user.js';

/**
 * The rules that a request to Kapacitor's API must keep:
 *
 * - `administrator`: a resource for administrators only (`/api/storage`); refuses everybody else.
 * - `endpoint`: the user has the privilege on the endpoint's resource.
 * - `endpoint-in-any-case`: the same without regard to case, since a router that takes `/CONFIG`
 *   for `/config` must not run a handler that the user has no privilege for.
 * - `database`: the user has the privilege on the database that the request writes to.
 */
export type ApiRule = 'administrator' | 'endpoint' | 'endpoint-in-any-case' | 'database';

/** The verdict on one rule. */
export interface ApiVerdict {
  readonly rule: ApiRule;
  /** The resource on which the request needs its privilege. */
  readonly resource: string;
  readonly allowed: boolean;
}

/** Options of a judgement. */
export interface JudgeOptions {
  /**
   * True if the router that serves the request tells `/CONFIG` from `/config`. False when left out,
   * as for Express' routers.
   */
  readonly caseSensitive?: boolean;
}

const caseless = new WeakMap<KapacitorUser, PrivilegeTable>();

/** The user's privileges for routers that ignore case; made once per user. */
export function caselessPrivileges(user: KapacitorUser): PrivilegeTable {
  const known = caseless.get(user);
  if (known !== undefined) return known;
  const table = privilegeTableOf(user).ignoringCase();
  caseless.set(user, table);
  return table;
}

/**
 * Decides if a user may make a request. Returns the verdicts on its rules in order, up to the first
 * refusal: so the last verdict is the verdict on the request.
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
    keeps('database', placeResource(database, retentionPolicy), isAllowed);
  } else if (request.isWrite && user.source === 'subscription') {
    // The program that serves the write may choose a database if the request names none.
    keeps('database', DATABASE_RESOURCE, false);
  }
  return verdicts;
}
