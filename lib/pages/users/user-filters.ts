import { InvalidRequestError } from '../../errors.js';
import type { UserInfo, UserListOptions } from '../../manage/user-forms.js';
import { canonicalGrants } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import { isPermission } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';

/** The choice of users, as it was typed and as a store reads it. */
export interface UserFilters {
  /** The texts of the form, by the names of its fields. */
  readonly typed: Readonly<Record<'find' | 'type' | 'permission' | 'grant' | 'disabled', string>>;
  readonly options: Pick<UserListOptions, 'pattern' | 'type' | 'permission' | 'grant' | 'disabled'>;
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
  return {
    typed,
    options: {
      pattern: patternOf(typed.find),
      type: asType(typed.type),
      permission: asPermission(typed.permission),
      grant,
      disabled: asFlag(typed.disabled),
    },
    problems,
  };
}

/** Returns true if a user is one of the choice; an app's own store may not have looked. */
export function matches({ options }: UserFilters, user: UserInfo): boolean {
  const { type, permission, grant, disabled } = options;
  if (type !== undefined && user.type !== type) return false;
  if (disabled !== undefined && (user.disabled === true) !== disabled) return false;
  if (grant !== undefined && user.grants?.includes(grant) !== true) return false;
  return permission === undefined || holds(user.permissions, permission);
}

/** Returns true if anything is left out of the list. */
export function isFiltered({ typed }: UserFilters): boolean {
  return Object.values(typed).some((text) => text !== '');
}

function holds(held: readonly Permission[], asked: Permission): boolean {
  if (asked === 'none') return held.length === 0;
  return held.includes(asked) || held.includes('all');
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
