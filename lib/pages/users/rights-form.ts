import { createHash } from 'node:crypto';
import type { UserInfo } from '../../manage/user-forms.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions, isPermission } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { StoredUser } from '../../stores/user-store.js';
import type { Problems } from '../fields.js';
import { choiceField, group, textArea, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';

/** The rights of a user as a form has them. */
export interface RightsForm {
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  /** One a line, as they were typed. */
  readonly grants: string;
  readonly disabled: boolean;
}

/** The rights of a user who may do nothing yet. */
export const NO_RIGHTS: RightsForm = {
  type: 'normal',
  permissions: [],
  grants: '',
  disabled: false,
};

const BOXES: readonly (readonly [Permission, string, string])[] = [
  ['api', 'api', 'tasks, templates, recordings, topics and the rest of the API'],
  ['config_api', 'config_api', 'the configuration'],
  ['write_points', 'write_points', 'write points to every database'],
];

/** The rights that a user has. */
export function rightsOf({ type, permissions, grants = [], disabled }: UserInfo): RightsForm {
  return { type, permissions, grants: grants.join('\n'), disabled: disabled === true };
}

/** Reads the rights out of a form. */
export function readRights(form: URLSearchParams): RightsForm {
  return {
    type: form.get('type') === 'admin' ? 'admin' : 'normal',
    permissions: form.getAll('permission').filter(isPermission),
    grants: (form.get('grants') ?? '').replaceAll('\r', ''),
    disabled: form.get('disabled') === 'yes',
  };
}

/** The change that a form asks for. */
export function changeOf({ grants, ...rights }: RightsForm): RightsChange {
  const lines = grants.split('\n').map((line) => line.trim());
  return { ...rights, grants: lines.filter((line) => line !== '') };
}

/** Rights in the form that `auth.users` takes. */
export type RightsChange = Omit<RightsForm, 'grants'> & { readonly grants: readonly string[] };

/** The fields for rights. */
export function rightsFields(rights: RightsForm, problems: Problems): Html {
  const { type, permissions, grants, disabled } = rights;
  const isAll = permissions.includes('all');
  const boxes = BOXES.map(([value, label, hint]) =>
    tickBox({ name: 'permission', label, value, hint }, isAll || permissions.includes(value)),
  );
  return html`${choiceField({ name: 'type', label: 'Type', value: type, problems }, [
    ['normal', 'Normal: may do what is allowed below'],
    ['admin', 'Administrator: may do everything'],
  ])}
  ${group('Permissions', boxes)}
  ${textArea({
    name: 'grants',
    label: 'Grants',
    hint: 'One a line, such as write:database/telegraf or read:tasks/team-a.*; an administrator has none.',
    value: grants,
    problems,
  })}
  ${group('Login', tickBox({ name: 'disabled', label: 'Disabled: every login is refused', problems }, disabled))}`;
}

type HeldRights = Pick<StoredUser, 'type' | 'permissions' | 'grants' | 'disabled'>;

/** Stands for the rights that a form was made from, to notice if somebody else changed them. */
export function versionOf({
  type,
  permissions,
  grants = [],
  disabled = false,
}: HeldRights): string {
  const text = JSON.stringify([type, canonicalPermissions(permissions), grants, disabled]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
