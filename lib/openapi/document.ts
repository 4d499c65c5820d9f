import type { Part } from './json-schema.js';
import { closed } from './json-schema.js';
import { REFUSALS } from './responses.js';
import { SERVER_PATHS } from './server-paths.js';
import { USER_SCHEMAS } from './user-schemas.js';
import { USERS_API } from './users-paths.js';
import { WHOAMI_SCHEMAS } from './whoami-schemas.js';

const text: Part = { type: 'string' };

/**
 * Describes what the server answers by OpenAPI 3.1. What it accepts comes from the very schemas by
 * which it reads requests.
 *
 * @param version - the version of this package
 */
export function openApiDocument(version: string): Part {
  return {
    openapi: '3.1.1',
    info: {
      title: 'kapacitor-auth',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        "Kapacitor's API for users, and what the server tells of users and of itself. HEAD is answered as GET.",
    },
    servers: [{ url: '/' }],
    security: [{ basic: [] }, { bearer: [] }],
    tags: [
      { name: 'users', description: 'Users and their rights.' },
      { name: 'server', description: 'Who asks, what is allowed, and if it works.' },
    ],
    paths: { ...USERS_API, ...SERVER_PATHS },
    components: {
      schemas: {
        ...USER_SCHEMAS,
        ...WHOAMI_SCHEMAS,
        Refusal: closed({ error: text, message: text }),
      },
      responses: REFUSALS,
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}
