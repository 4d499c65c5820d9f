import { USER_FORMS } from '../express/users-api/user-documents.js';
import { ALWAYS, FIELDS } from '../express/users-api/user-list-query.js';
import { PERMISSIONS } from '../privileges/permission.js';
import type { Part } from './json-schema.js';
import { acceptedBy, closed, listOf, oneOf, ref } from './json-schema.js';

/** Rules that the server keeps beside the types of fields. */
const NAME = 'Letters of any script, 0-9, `-`, `.`, `_`, `@`; at most 255 bytes of UTF-8.';
const PASSWORD = '1 to 72 bytes of UTF-8, without control characters.';

/** The form of a user's name. */
export const NAME_SCHEMA: Part = {
  type: 'string',
  pattern: '^(?!\\.{1,2}$)[\\p{L}0-9\\-._@]+$',
  description: NAME,
};

const properties: Readonly<Record<string, Part>> = {
  link: closed({ rel: { const: 'self' }, href: { type: 'string' } }),
  name: { type: 'string' },
  type: oneOf(['admin', 'normal']),
  permissions: listOf(oneOf(PERMISSIONS)),
  grants: { ...listOf({ type: 'string' }), description: 'Left out if there are none.' },
  disabled: { type: 'boolean', description: 'Left out if the user is not disabled.' },
};

const pick = (names: readonly string[]): Part =>
  Object.fromEntries(names.map((name) => [name, properties[name]]));

const shown = (required: readonly string[]): Part =>
  closed(pick(required), pick(FIELDS.filter((field) => !required.includes(field))));

/** Schemas of the users API: requests as the server reads them, and answers. */
export const USER_SCHEMAS: Part = {
  NewUser: {
    ...acceptedBy(USER_FORMS.newUser),
    required: ['name', 'password'],
    description: `A user to add. A null is as if it were left out. name: ${NAME} password: ${PASSWORD}`,
  },
  UserUpdate: {
    ...acceptedBy(USER_FORMS.update),
    description: `The changes to a user; what is left out stays. password: ${PASSWORD} An empty one changes nothing.`,
  },
  User: shown(['link', 'name', 'type', 'permissions']),
  ListedUser: shown(ALWAYS),
  UserList: closed({ users: listOf(ref('ListedUser')) }),
};
