import { InvalidRequestError } from '../../errors.js';
import type { UserInfo, UserListOptions } from '../../manage/user-forms.js';
import { canonicalGrants } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import { isPermission } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { UserFilter } from '../../stores/rules/user-filter.js';
import { passesFilter, userFilter } from '../../stores/rules/user-filter.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';

/** The choice of users, as it was typed and as a store reads it. */
export interface UserFilters {
  /** The texts of the form, by the names of its fields. */
  readonly typed: Readonly<Record<'find' | 'type' | 'permission' | 'grant' | 'disabled', string>>;
  readonly options: Pick<UserListOptions, 'pattern' | 'type' | 'permission' | 'grant' | 'disabled'>;
  /** The same, to look at a user; undefined if all are chosen. */
  readonly filter: UserFilter | undefined;
  readonly problems: Problems;
}

/** Reads the choice of users from the query of a list. */
export function readFilters(query: URLSearchParams): UserFilters {
  const text = (name: string): string => query.get(name)?.trim() ?? '';
  const typed = {
    find: text('find'),
    type: text('type'),
    permission: text('permission'),
    grant: text('grant'),
    disabled: text('disabled'),
  };
  const { grant, problems } = readGrant(typed.grant);
  const options = {
    pattern: patternOf(typed.find),
    type: asType(typed.type),
    permission: asPermission(typed.permission),
    grant,
    disabled: asFlag(typed.disabled),
  };
  return { typed, options, filter: userFilter(options), problems };
}

/** Returns true if a user is one of the choice; an app's own store may not have looked. */
export function matches({ filter }: UserFilters, user: UserInfo): boolean {
  return filter === undefined || passesFilter(user, filter);
}

/** Returns true if anything is left out of the list. */
export function isFiltered({ typed }: UserFilters): boolean {
  return Object.values(typed).some((text) => text !== '');
}

/** A text without a special character is the beginning of a name. */
function patternOf(find: string): string | undefined {
  if (find === '') return undefined;
  return /[*?[\\]/.test(find) ? find : `${find}*`;
}

function readGrant(typed: string): { grant?: string | undefined; problems: Problems } {
  if (typed === '') return { problems: {} };
  try {
    return { grant: canonicalGrants([typed])[0], problems: {} };
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return { problems: { grant: problemText(error) } };
  }
}

function asType(text: string): UserType | undefined {
  return text === 'admin' || text === 'normal' ? text : undefined;
}

function asPermission(text: string): Permission | undefined {
  return isPermission(text) ? text : undefined;
}

function asFlag(text: string): boolean | undefined {
  return text === 'yes' || text === 'no' ? text === 'yes' : undefined;
}
