import { z } from 'zod';
import type { StoredUser } from '../../index.js';
import type { FileUsers } from './file-users.js';
import { PERMISSION_NAMES } from './permissions.js';

/** Version of the format, which is also that of a file store. */
const VERSION = 1;

/** Version of a file in which somebody has grants. */
const WITH_GRANTS = 2;

/** Nobody would read more before the first are mended. */
const PROBLEMS_SHOWN = 5;

const schema = z.strictObject({
  version: z.literal(
    [VERSION, WITH_GRANTS],
    `must be ${String(VERSION)} or ${String(WITH_GRANTS)}`,
  ),
  users: z.array(
    z.strictObject({
      name: z.string('must be a text'),
      type: z.enum(['admin', 'normal'], 'must be "admin" or "normal"').optional(),
      hash: z.string('must be a text'),
      permissions: z
        .array(z.enum(PERMISSION_NAMES, `must be among ${PERMISSION_NAMES.join(', ')}`))
        .optional(),
      grants: z.array(z.string('must be a text'), 'must be a list').optional(),
    }),
  ),
});

/** Writes users as `users export` does. */
export function formatUserExport(users: readonly StoredUser[]): string {
  const version = users.some(({ grants }) => grants !== undefined) ? WITH_GRANTS : VERSION;
  return `${JSON.stringify({ version, users }, undefined, 2)}\n`;
}

/**
 * Reads users that `users export` wrote.
 *
 * @throws Error that lists the mistakes; it may hold names and keys of the file, but no hash
 */
export function parseUserExport(text: string): FileUsers {
  const { data, error } = schema.safeParse(parseJson(text));
  if (data === undefined) throw new Error(describe(error.issues));
  const users = data.users.map(
    ({ type = 'normal', permissions = [], grants = [], ...user }, index) => ({
      ...user,
      type,
      permissions,
      grants,
      place: `users[${String(index)}]`,
    }),
  );
  const names = new Set<string>();
  for (const { name, place } of users) {
    if (names.has(name))
      throw new Error(`${place}: ${JSON.stringify(name)} is there more than once`);
    names.add(name);
  }
  return { users, leftOut: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the file.
    throw new Error('the file is not JSON');
  }
}

function describe(issues: readonly z.core.$ZodIssue[]): string {
  const lines = issues
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message }) => `${z.core.toDotPath(path) || 'the file'}: ${message}`);
  return ['the file is no export of users:', ...lines].join('\n  ');
}
