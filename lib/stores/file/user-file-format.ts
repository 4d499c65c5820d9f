import { z } from 'zod';
import { subscriptionSchema } from '../rules/stored-subscription.js';
import { userSchema } from '../rules/stored-user.js';
import { SubscriptionMap } from '../in-memory/subscription-map.js';
import { UserMap } from '../in-memory/user-map.js';
import { locateInJson } from './json-position.js';

const VERSION = 1;

/** More would not be read anyway before the first are mended. */
const PROBLEMS_SHOWN = 3;

/** What is wrong in a file of users, and where; shows no hash. */
export class UserFileError extends Error {}

const schema = z.strictObject(
  {
    version: z.literal(VERSION, `version must be ${String(VERSION)}`),
    users: z.array(userSchema(), 'users must be a list').superRefine(
      refuseTwins(
        ({ name }) => name,
        (name) => `user ${JSON.stringify(name)}`,
      ),
    ),
    subscriptions: z
      .array(subscriptionSchema(), 'subscriptions must be a list')
      .superRefine(
        refuseTwins(
          ({ digest }) => digest,
          () => 'this subscription',
        ),
      )
      .default([]),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'the file must hold an object with version and users' : undefined,
  },
);

/**
 * Reads `{ "version": 1, "users": [{ "name", "type", "hash", "permissions" }, ...] }`, where type and
 * permissions may be left out, and beside `users` a list of `subscriptions`: `{ "digest", "cluster", "database",
 * "retentionPolicy", "created" }`.
 *
 * @throws UserFileError with line, column and problem
 */
export function parseUserFile(bytes: Uint8Array): UserMap {
  const text = decode(bytes);
  const { data, error } = schema.safeParse(parseJson(text));
  if (data !== undefined) return new UserMap(data.users, new SubscriptionMap(data.subscriptions));
  const problems = error.issues
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message }) => describe(text, path, message));
  throw new UserFileError(problems.join('; '));
}

/** The text of a file that holds these users. */
export function formatUserFile(users: UserMap): string {
  const subscriptions = users.subscriptions.list();
  const document = {
    version: VERSION,
    users: users.list(),
    ...(subscriptions.length > 0 && { subscriptions }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Refuses a list that holds two of a key. */
function refuseTwins<Item>(
  keyOf: (item: Item) => string,
  describeKey: (key: string) => string,
): (items: readonly Item[], context: z.RefinementCtx) => void {
  return (items, context) => {
    const keys = new Set<string>();
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      if (keys.has(key)) {
        const message = `${describeKey(key)} is there more than once`;
        context.addIssue({ code: 'custom', path: [index], message });
      }
      keys.add(key);
    }
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserFileError('the file must be UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, and often does not say where.
    throw new UserFileError(describe(text, [], 'from here on the file is not JSON'));
  }
}

function describe(text: string, path: readonly PropertyKey[], problem: string): string {
  const { line, column } = locateInJson(text, path);
  return `line ${String(line)}, column ${String(column)}: ${problem}`;
}
