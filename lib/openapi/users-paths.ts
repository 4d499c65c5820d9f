import { FIELDS, MOST_USERS } from '../express/users-api/user-list-query.js';
import { USERS_PATHS } from '../express/users-api/users-path.js';
import type { Part } from './json-schema.js';
import { listOf, oneOf, ref } from './json-schema.js';
import { json, refusals } from './responses.js';
import { NAME_SCHEMA } from './user-schemas.js';

const EVERY = [400, 401, 403, 429, 500, 501, 503];

const query = (name: string, description: string, schema: Part): Part => ({
  name,
  in: 'query',
  description,
  schema,
});

const body = (name: string): Part => ({
  required: true,
  description: 'A JSON object, whatever its Content-Type. No key may be given twice.',
  content: { 'application/json': { schema: ref(name) } },
});

function listUsers(suffix: string): Part {
  return {
    operationId: `listUsers${suffix}`,
    summary: 'List users',
    tags: ['users'],
    parameters: [
      query('pattern', 'Shows only names that match, such as `team-*`.', { type: 'string' }),
      query('offset', 'Leaves out so many users.', { type: 'integer', minimum: 0, default: 0 }),
      query('limit', `The most users to show; -1 stands for ${String(MOST_USERS)}.`, {
        type: 'integer',
        minimum: -1,
        maximum: MOST_USERS,
        default: 100,
      }),
      query('fields', 'Shows only these fields, and link and name.', listOf(oneOf(FIELDS))),
    ],
    responses: {
      200: json('Users in the order of their names.', ref('UserList')),
      ...refusals(...EVERY),
    },
  };
}

function createUser(suffix: string): Part {
  return {
    operationId: `createUser${suffix}`,
    summary: 'Add a user',
    description: 'Nobody grants more than they have: only an administrator makes an administrator.',
    tags: ['users'],
    requestBody: body('NewUser'),
    responses: { 200: json('The new user.', ref('User')), ...refusals(...EVERY, 409, 413) },
  };
}

function showUser(suffix: string): Part {
  return {
    operationId: `showUser${suffix}`,
    summary: 'Show a user',
    tags: ['users'],
    responses: { 200: json('The user.', ref('User')), ...refusals(...EVERY, 404) },
  };
}

function updateUser(suffix: string): Part {
  return {
    operationId: `updateUser${suffix}`,
    summary: 'Change a user',
    description:
      'Changes what is given. A user may change its own password, if it gives nothing else, by Basic credentials whatever its permissions; a token may not.',
    tags: ['users'],
    requestBody: body('UserUpdate'),
    responses: {
      200: json('The user after the change.', ref('User')),
      ...refusals(...EVERY, 404, 409, 413),
    },
  };
}

function deleteUser(suffix: string): Part {
  return {
    operationId: `deleteUser${suffix}`,
    summary: 'Delete a user',
    tags: ['users'],
    responses: {
      204: { description: 'No user has this name now.' },
      ...refusals(...EVERY, 409),
    },
  };
}

/** The paths of the users API, under Kapacitor's API and under the preview of it. */
export const USERS_API: Part = Object.fromEntries(
  USERS_PATHS.flatMap((path): [string, Part][] => {
    const suffix = path.includes('preview') ? 'InPreview' : '';
    const named = {
      parameters: [{ name: 'name', in: 'path', required: true, schema: NAME_SCHEMA }],
      get: showUser(suffix),
      patch: updateUser(suffix),
      delete: deleteUser(suffix),
    };
    const all = { get: listUsers(suffix), post: createUser(suffix) };
    return [
      [path, all],
      [`${path}/{name}`, named],
    ];
  }),
);
