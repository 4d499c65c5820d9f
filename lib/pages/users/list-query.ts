import { KapacitorAuthError } from '../../errors.js';
import type { UserInfo } from '../../manage/user-forms.js';
import { canonicalGrants } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import { isPermission } from '../../privileges/permission.js';
import type { ListOptions } from '../../stores/list-options.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';

/** The fields of the form that selects users, as they were filled in. */
export interface ListForm {
  readonly find: string;
  readonly type: string;
  readonly permission: string;
  readonly grant: string;
  readonly state: string;
  /** The name that the page before ended with; empty for the first page. */
  readonly after: string;
}

/** The users that a form selects, or what is wrong with the form. */
export interface ListSelection {
  readonly options: Selected;
  readonly problems: Problems;
}

/** The filters of a list, apart from its pattern. */
type Selected = Pick<ListOptions, 'pattern' | 'type' | 'permission' | 'grant' | 'disabled'>;

/** Reads the form out of an address. */
export function listFormOf(query: URLSearchParams): ListForm {
  const one = (name: string): string => (query.get(name) ?? '').trim();
  return {
    find: one('find'),
    type: one('type'),
    permission: one('permission'),
    grant: one('grant'),
    state: one('state'),
    after: query.get('after') ?? '',
  };
}

/** Reads what a form selects. Values that no field offers select everything. */
export function selectionOf({ find, type, permission, grant, state }: ListForm): ListSelection {
  const options: Selected = {
    ...(find !== '' && { pattern: patternFor(find) }),
    ...((type === 'admin' || type === 'normal') && { type }),
    ...(isPermission(permission) && { permission }),
    ...((state === 'disabled' || state === 'enabled') && { disabled: state === 'disabled' }),
  };
  try {
    const [wanted] = grant === '' ? [] : canonicalGrants([grant]);
    return {
      options: { ...options, ...(wanted !== undefined && { grant: wanted }) },
      problems: {},
    };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError)) throw error;
    return { options, problems: { grant: problemText(error) } };
  }
}

/** A text without signs of a pattern means names that begin with it. */
function patternFor(find: string): string {
  return /[*?[\\]/.test(find) ? find : `${find}*`;
}

/** Returns true if a user is selected; an app's own store may pass over the filters. */
export function isSelected(user: UserInfo, options: Selected): boolean {
  const { type, permission, grant, disabled } = options;
  return (
    (type === undefined || user.type === type) &&
    (permission === undefined || holds(user.permissions, permission)) &&
    (grant === undefined || (user.grants ?? []).includes(grant)) &&
    (disabled === undefined || (user.disabled ?? false) === disabled)
  );
}

function holds(held: readonly Permission[], permission: Permission): boolean {
  if (permission === 'none') return held.length === 0;
  return held.includes(permission) || held.includes('all');
}
