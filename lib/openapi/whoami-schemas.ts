import { PERMISSIONS } from '../privileges/permission.js';
import { PRIVILEGES } from '../privileges/privilege.js';
import type { Part } from './json-schema.js';
import { closed, listOf, oneOf, ref } from './json-schema.js';

const text: Part = { type: 'string' };
const texts = listOf(text);
const permissions = listOf(oneOf(PERMISSIONS));
const privileges = listOf(oneOf(PRIVILEGES));

const person: Part = {
  name: text,
  type: oneOf(['admin', 'normal']),
  permissions,
  source: oneOf(['local', 'meta', 'subscription', 'disabled']),
};

/** Schemas of what the server tells of a user and of its rights. */
export const WHOAMI_SCHEMAS: Part = {
  CurrentUser: closed(
    { ...person, privileges: { type: 'object', additionalProperties: privileges } },
    { grants: texts },
  ),
  Explanation: closed(
    {
      user: closed(person, { grants: texts, disabled: { const: true } }),
      method: text,
      target: text,
      allowed: { type: 'boolean' },
      rules: listOf(ref('ExplainedRule')),
      remedies: permissions,
    },
    {
      path: text,
      refusal: closed({ status: { enum: [400, 401, 403] }, code: text, message: text }),
      grant: text,
    },
  ),
  ExplainedRule: closed(
    {
      rule: oneOf(['administrator', 'endpoint', 'endpoint-in-any-case', 'database']),
      privilege: oneOf(PRIVILEGES),
      resource: text,
      allowed: { type: 'boolean' },
      permissions,
      reason: text,
    },
    { entry: closed({ resource: text, privileges }), grants: texts },
  ),
};
