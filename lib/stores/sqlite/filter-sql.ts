import type { UserFilter } from '../rules/user-filter.js';

/** An index that holds few users, and the condition under which it does. */
export interface FilterIndex {
  readonly name: string;
  readonly condition: string;
}

/** Returns the index that holds all users whom a filter lets pass, if there is one. */
export function indexOf({
  type,
  permission,
  grant,
  disabled,
}: UserFilter): FilterIndex | undefined {
  if (type === 'admin') return { name: 'admins', condition: "type = 'admin'" };
  if (disabled === true) return { name: 'disabled_users', condition: 'disabled = 1' };
  if (grant !== undefined) return { name: 'users_with_grants', condition: "grants <> ''" };
  if (permission === 'config_api' || permission === 'all') {
    const condition = "(permissions = 'all' OR instr(permissions, 'config_api') > 0)";
    return { name: 'configurers', condition };
  }
  return undefined;
}

/**
 * The SQL condition of a filter.
 *
 * @param grant - the parameter that holds the filter's grant, in hexadecimal digits
 */
export function filterSql(filter: UserFilter, grant: string): string {
  const { type, permission, disabled } = filter;
  return [
    ...(type === undefined ? [] : [`type = '${type}'`]),
    ...(permission === undefined ? [] : [permissionSql(permission)]),
    ...(filter.grant === undefined ? [] : [grantSql(grant)]),
    ...(disabled === undefined ? [] : [`disabled = ${String(Number(disabled))}`]),
  ].join(' AND ');
}

function permissionSql(permission: NonNullable<UserFilter['permission']>): string {
  if (permission === 'none') return "permissions IN ('', 'none')";
  const parts = permission === 'all' ? ['api', 'config_api', 'write_points'] : [permission];
  return `(${has('all')} OR (${parts.map(has).join(' AND ')}))`;
}

function has(permission: string): string {
  return `instr(',' || permissions || ',', ',${permission},') > 0`;
}

function grantSql(grant: string): string {
  const line = `char(10) || CAST(unhex(${grant}) AS TEXT) || char(10)`;
  return `instr(char(10) || grants || char(10), ${line}) > 0`;
}
