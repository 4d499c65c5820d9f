import { PATHS } from '../server/own-paths.js';
import type { Part } from './json-schema.js';
import { closed, oneOf, ref } from './json-schema.js';
import { header, json, refusals } from './responses.js';

const whoami = (suffix: string): Part => ({
  operationId: `whoami${suffix}`,
  summary: 'Show the user of the request, or explain what a user may do',
  tags: ['server'],
  parameters: [
    {
      name: 'explain',
      in: 'query',
      description: 'A method and a path: explains whether that request would be allowed.',
      schema: { type: 'string' },
      example: 'GET /kapacitor/v1/tasks',
    },
    {
      name: 'user',
      in: 'query',
      description:
        'With `explain`: the user in question. Only administrators may ask about others.',
      schema: { type: 'string' },
    },
  ],
  responses: {
    200: json('The user; with `explain` the decision and its reasons.', {
      anyOf: [ref('CurrentUser'), ref('Explanation')],
    }),
    ...refusals(400, 401, 403, 404, 429, 500, 503),
  },
});

/** `enforce` is there if a gateway only reports what it would refuse. */
const status = (value: string): Part =>
  closed({ status: oneOf([value]) }, { enforce: oneOf(['report']) });

const health: Part = {
  operationId: 'health',
  summary: 'Tell whether users can be authenticated',
  tags: ['server'],
  security: [],
  responses: {
    200: json('They can.', status('pass')),
    503: json('They can not.', status('fail')),
  },
};

const field = (name: string, description: string): Part => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

/** Proxies ask with any method; these are the ones that they use. */
const askAs = (method: string): Part => ({
  operationId: `auth${method}`,
  summary: 'Judge a request for a proxy',
  description:
    'The proxy sends the method and the target of the request by one of the two pairs of fields, and passes on its credentials.',
  tags: ['server'],
  parameters: [
    field('X-Original-URI', 'The target of the request.'),
    field('X-Original-Method', 'The method of the request.'),
    field('X-Forwarded-Uri', 'The target of the request.'),
    field('X-Forwarded-Method', 'The method of the request.'),
  ],
  responses: {
    200: {
      description: 'The request may pass.',
      headers: {
        'X-Kapacitor-User': header('The name, percent-encoded; empty for a preflight of CORS.'),
        'X-Kapacitor-Permissions': header('A list; `all` for an administrator; else `none`.'),
      },
    },
    ...refusals(400, 401, 403, 429, 500, 503),
  },
});

/** The paths that the server answers beside the users API. */
export const SERVER_PATHS: Part = {
  [PATHS.whoami]: { get: whoami('') },
  [PATHS.whoamiPreview]: { get: whoami('InPreview') },
  [PATHS.health]: { get: health },
  [PATHS.auth]: { get: askAs('Get'), post: askAs('Post') },
};
