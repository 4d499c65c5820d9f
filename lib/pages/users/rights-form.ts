import { createHash } from 'node:crypto';
import { invalidRequest } from '../../invalid-request.js';
import type { UserInfo } from '../../manage/user-forms.js';
import { canonicalGrants } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions, isPermission } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { Problems } from '../fields.js';
import { choiceField, firstFault, group, textArea, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';

/** The rights of a user as a form holds them. */
export interface TypedRights {
  readonly type: string;
  readonly permissions: readonly string[];
  /** One a line. */
  readonly grants: string;
  readonly disabled: boolean;
}

/** The rights of a user as they are kept. */
export interface ReadRights {
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  readonly grants: readonly string[];
  readonly disabled: boolean;
}

/** The rights of a new user. */
export const NO_RIGHTS: TypedRights = {
  type: 'normal',
  permissions: [],
  grants: '',
  disabled: false,
};

/** The rights of a user, for its form. */
export function typedRights({ type, permissions, grants = [], disabled }: UserInfo): TypedRights {
  return { type, permissions, grants: grants.join('\n'), disabled: disabled === true };
}

/** Takes the rights from a form that was sent, whatever they are. */
export function sentRights(form: URLSearchParams): TypedRights {
  return {
    type: form.get('type') ?? '',
    permissions: form.getAll('permissions'),
    grants: (form.get('grants') ?? '').replaceAll('\r\n', '\n'),
    disabled: form.get('disabled') === 'yes',
  };
}

/** Reads the rights. @throws InvalidRequestError */
export function readRights({ type, permissions, grants, disabled }: TypedRights): ReadRights {
  if (type !== 'admin' && type !== 'normal') throw invalidRequest('type must be admin or normal');
  const unknown = permissions.find((each) => !isPermission(each));
  if (unknown !== undefined) throw invalidRequest(`there is no permission "${unknown}"`);
  const lines = grants.split('\n').map((line) => line.trim());
  const kept = canonicalGrants(lines.filter((line) => line !== ''));
  if (type === 'admin' && kept.length > 0)
    throw invalidRequest('an administrator has no grants: remove them first');
  return {
    type,
    permissions: canonicalPermissions(permissions.filter(isPermission)),
    grants: kept,
    disabled,
  };
}

/**
 * The rights of `wanted` that differ from those of a user. A new administrator keeps its
 * permissions only if they are given; whoever loses the last permission keeps grants only if they
 * are given.
 */
export function changedRights(user: UserInfo, wanted: ReadRights): Partial<ReadRights> {
  const { type, permissions, grants = [], disabled = false } = user;
  const isOther = String(wanted.permissions) !== String(canonicalPermissions(permissions));
  return {
    ...(wanted.type !== type && { type: wanted.type }),
    ...((isOther || (wanted.type === 'admin' && type !== 'admin')) && {
      permissions: wanted.permissions,
    }),
    ...((wanted.grants.join('\n') !== grants.join('\n') || (isOther && grants.length > 0)) && {
      grants: wanted.grants,
    }),
    ...(wanted.disabled !== disabled && { disabled: wanted.disabled }),
  };
}

/** The rights of a user that {@link markOf} looks at. */
export type MarkedUser = Pick<UserInfo, 'type' | 'permissions'> & {
  readonly grants?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
};

/** A mark of a user's rights: another one once anything of them is another. */
export function markOf(user: MarkedUser): string {
  const { type, permissions, grants = [], disabled = false } = user;
  const text = JSON.stringify([type, canonicalPermissions(permissions), grants, disabled]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

const BOXES: readonly (readonly [Permission, string])[] = [
  ['api', 'the API, without the configuration'],
  ['config_api', 'the configuration'],
  ['write_points', 'write to every database'],
  ['all', 'all of these, and read every database'],
];

/** The fields for rights. */
export function rightsFields(rights: TypedRights, problems: Problems): Html {
  const { type, permissions, grants, disabled } = rights;
  const boxes = BOXES.map(([value, hint]) =>
    tickBox({ name: 'permissions', label: value, value, hint }, permissions.includes(value)),
  );
  const { permissions: problem } = problems;
  return html`${choiceField({ name: 'type', label: 'Type', value: type, problems }, [
      ['normal', 'Normal: what the permissions and grants say'],
      ['admin', 'Administrator: everything'],
    ])}
    <div id="permissions" tabindex="-1" ${firstFault(problems, 'permissions')}>
      ${group(
        'Permissions',
        html`${problem !== undefined && html`<p class="problem">${problem}</p>`}${boxes}`,
      )}
    </div>
    ${textArea({
      name: 'grants',
      label: 'Grants',
      hint: 'One a line, such as write:database/telegraf or read:tasks/team-a.*; an administrator has none',
      value: grants,
      problems,
    })}
    ${group('Login', tickBox({ name: 'disabled', label: 'Disabled: can not log in', problems }, disabled))}`;
}
