import { z } from 'zod';
import type { StoredUser } from '../../index.js';
import type { FileUsers } from './file-users.js';
import { PERMISSION_NAMES } from './permissions.js';

/** Version of the format, which is also that of a file store. */
const VERSION = 1;

/** Version of a file in which a user has more than earlier releases know. */
const WITH_MORE = 2;

/** Nobody would read more before the first are mended. */
const PROBLEMS_SHOWN = 5;

const schema = z.strictObject({
  version: z.literal([VERSION, WITH_MORE], `must be ${String(VERSION)} or ${String(WITH_MORE)}`),
  users: z.array(
    z.strictObject({
      name: z.string('must be a text'),
      type: z.enum(['admin', 'normal'], 'must be "admin" or "normal"').optional(),
      hash: z.string('must be a text'),
      permissions: z
        .array(z.enum(PERMISSION_NAMES, `must be among ${PERMISSION_NAMES.join(', ')}`))
        .optional(),
      grants: z.array(z.string('must be a text'), 'must be a list').optional(),
      disabled: z.boolean('must be true or false').optional(),
      created: z.string('must be a text').optional(),
      changed: z.string('must be a text').optional(),
    }),
  ),
});

/**
 * Writes users as `users export` does: without the time of the last change, as an import of them is
 * one.
 */
export function formatUserExport(users: readonly StoredUser[]): string {
  const version = users.some(hasMore) ? WITH_MORE : VERSION;
  const exported = users.map(({ changed: _changed, ...user }) => user);
  return `${JSON.stringify({ version, users: exported }, undefined, 2)}\n`;
}

function hasMore({ grants, disabled, created }: StoredUser): boolean {
  return [grants, disabled, created].some((value) => value !== undefined);
}

/**
 * Reads users that `users export` wrote, or that a file store holds.
 *
 * @throws Error that lists the mistakes; it may hold names and keys of the file, but no hash
 */
export function parseUserExport(text: string): FileUsers {
  const { data, error } = schema.safeParse(parseJson(text));
  if (data === undefined) throw new Error(describe(error.issues));
  const isWhole = data.version === WITH_MORE;
  const users = data.users.map(
    ({ name, hash, type = 'normal', permissions = [], grants, disabled, created }, index) => ({
      name,
      hash,
      type,
      permissions,
      // Earlier releases knew neither: their exports leave both as they are.
      ...((grants !== undefined || isWhole) && { grants: grants ?? [] }),
      ...((disabled !== undefined || isWhole) && { disabled: disabled ?? false }),
      ...(created !== undefined && { created }),
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
