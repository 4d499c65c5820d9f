import type { UserFilter } from '../rules/user-filter.js';
import type { PostgresValue } from './postgres-line.js';
import { isAskable } from './text-of.js';

/** SQL conditions, and the values of their parameters. */
export interface Conditions {
  readonly conditions: readonly string[];
  readonly values: readonly PostgresValue[];
}

/**
 * The SQL conditions of a filter.
 *
 * @param first - the number of their first parameter
 */
export function filterSql(filter: UserFilter | undefined, first: number): Conditions {
  const { type, permission, grant, disabled } = filter ?? NO_FILTER;
  // Nobody has such a grant, and PostgreSQL refuses to look for it.
  if (grant !== undefined && !isAskable(grant)) return { conditions: ['false'], values: [] };
  const conditions = [
    ...(type === undefined ? [] : [`type = '${type}'`]),
    ...(permission === undefined ? [] : [permissionSql(permission)]),
    ...(grant === undefined ? [] : ["grants <> ''", grantSql(`$${String(first)}`)]),
    ...(disabled === undefined ? [] : [disabled ? 'disabled' : 'NOT disabled']),
  ];
  return { conditions, values: grant === undefined ? [] : [grant] };
}

const NO_FILTER: UserFilter = {
  type: undefined,
  permission: undefined,
  grant: undefined,
  disabled: undefined,
};

function permissionSql(permission: NonNullable<UserFilter['permission']>): string {
  if (permission === 'none') return "permissions IN ('', 'none')";
  const parts = permission === 'all' ? ['api', 'config_api', 'write_points'] : [permission];
  const mayConfigure = "(permissions = 'all' OR strpos(permissions, 'config_api') > 0)";
  const isRare = parts.includes('config_api');
  return `${isRare ? `${mayConfigure} AND ` : ''}(${has('all')} OR (${parts.map(has).join(' AND ')}))`;
}

function has(permission: string): string {
  return `strpos(',' || permissions || ',', ',${permission},') > 0`;
}

function grantSql(grant: string): string {
  return `strpos(E'\\n' || grants || E'\\n', E'\\n' || ${grant}::text || E'\\n') > 0`;
}
