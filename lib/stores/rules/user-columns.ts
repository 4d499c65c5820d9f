import type { StoredUser } from '../user-store.js';
import { readUser } from './stored-user.js';
import { UnusableUserError } from './unusable-user.js';

/**
 * The columns of a user's row: commas separate permissions, line feeds grants. What is unknown is
 * empty.
 */
export interface UserColumns {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly hash: string | undefined;
  readonly permissions: string | undefined;
  readonly grants: string | undefined;
  readonly disabled: boolean;
  readonly created: string | undefined;
  readonly changed: string | undefined;
  readonly sessions: string | undefined;
}

/** The same columns if all of them are known. */
type WrittenColumns = Readonly<Record<Exclude<keyof UserColumns, 'disabled'>, string>> &
  Pick<UserColumns, 'disabled'>;

/** The columns of a user, as they are written. */
export function columnsOf({
  name,
  type,
  hash,
  permissions,
  grants = [],
  disabled = false,
  created = '',
  changed = '',
  sessions = '',
}: StoredUser): WrittenColumns {
  const lists = { permissions: permissions.join(','), grants: grants.join('\n') };
  return { name, type, hash, ...lists, disabled, created, changed, sessions };
}

/**
 * Makes a user of a row.
 *
 * @param shown - the name as it is shown to people
 * @throws UnusableUserError if another program wrote unusable values, such as a hash of another
 *   scheme
 */
export function userFromColumns(
  { permissions, grants, created, changed, sessions, ...others }: UserColumns,
  shown: string,
): StoredUser {
  const { data, problems } = readUser({
    ...others,
    permissions: permissions === '' ? [] : permissions?.split(','),
    ...(grants !== '' && { grants: grants?.split('\n') }),
    ...(created !== '' && { created }),
    ...(changed !== '' && { changed }),
    ...(sessions !== '' && { sessions }),
  });
  if (data !== undefined) return data;
  throw unusableRow(
    shown,
    problems.map(({ message }) => message),
  );
}

/** Makes the error for a damaged row. @param shown - the name as it is shown to people */
export function unusableRow(shown: string, problems: readonly string[]): UnusableUserError {
  const problem = `a row that can't be used: ${problems.join('; ')}`;
  return new UnusableUserError(shown, problem, 'remove the user, and add it again');
}
