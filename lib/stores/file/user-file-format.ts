import { z } from 'zod';
import { Turn } from '../../turns.js';
import { SubscriptionMap } from '../in-memory/subscription-map.js';
import { UserMap } from '../in-memory/user-map.js';
import type { Problem, Read } from '../rules/read-record.js';
import { readSubscription } from '../rules/stored-subscription.js';
import { readUser } from '../rules/stored-user.js';
import { locateInJson } from './json-position.js';
import { recallUser } from './known-user.js';

type User = NonNullable<ReturnType<UserMap['get']>>;

const VERSION = 1;

/** The version of a file with users who have more: earlier releases refuse it. */
const WITH_MORE = 2;

const VERSIONS = [VERSION, WITH_MORE] as const;

/** Nobody reads more before the first ones are mended. */
const PROBLEMS_SHOWN = 3;

/** The problems of a user file, and their places; shows no hash. */
export class UserFileError extends Error {}

/** Records between two looks at the clock. */
const STEP = 16;

function listSchema(key: string): z.ZodType<readonly unknown[]> {
  return z.custom<readonly unknown[]>(Array.isArray, `${key} must be a list`);
}

const schema = z.strictObject(
  {
    version: z.literal(VERSIONS, `version must be ${VERSIONS.join(' or ')}`),
    users: listSchema('users'),
    subscriptions: listSchema('subscriptions').default([]),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'the file must hold an object with version and users' : undefined,
  },
);

/** Describes a list in the file. */
interface RecordList<Item> {
  readonly key: 'users' | 'subscriptions';
  readonly read: (record: unknown) => Read<Item>;
  readonly keyOf: (item: Item) => string;
  readonly describeItem: (item: Item) => string;
  /** Returns the item of an equal record that was checked before. */
  readonly recall?: (record: unknown) => Item | undefined;
}

/** The state of a job that reads a file. */
interface Reading {
  readonly turn: Turn;
  readonly problems: Problem[];
}

/**
 * Reads `{ "version": 1, "users": [{ "name", "type", "hash", "permissions" }, ...] }`. A user may
 * leave out type and permissions. A file in which a user has more (`grants`, `disabled`, `created`,
 * `changed`, `sessions`) is of version 2. Beside
 * `users` there may be a list of `subscriptions`:
 * `{ "digest", "cluster", "database", "retentionPolicy", "created" }`. It works in slices and lets
 * others take their turn in between; only the JSON itself is parsed in one go.
 *
 * @param known - users that were read earlier; those who are still the same are not checked again
 * @throws UserFileError with line, column and problem
 */
export async function parseUserFile(
  bytes: Uint8Array,
  known: UserMap = UserMap.of(),
): Promise<UserMap> {
  const turn = await Turn.takeUrgently();
  const text = decode(bytes);
  await turn.passIfOver();
  const document = parseJson(text);
  await turn.passIfOver();
  const { data, error } = schema.safeParse(document);
  if (data === undefined) throw await problemsError(text, error.issues, turn);

  const reading: Reading = { turn, problems: [] };
  const users = await readList(
    data.users,
    {
      key: 'users',
      read: readUser,
      keyOf: ({ name }) => name,
      describeItem: ({ name }) => `user ${JSON.stringify(name)}`,
      recall: (record) => recallUser(record, known),
    },
    reading,
  );
  const subscriptions = await readList(
    data.subscriptions,
    {
      key: 'subscriptions',
      read: readSubscription,
      keyOf: ({ digest }) => digest,
      describeItem: () => 'this subscription',
    },
    reading,
  );
  if (reading.problems.length > 0) throw await problemsError(text, reading.problems, turn);
  return UserMap.ofInTurns(users, new SubscriptionMap(subscriptions.values()), turn);
}

/** Reads the items of a list, each under its key. It stops after as many problems as are shown. */
async function readList<Item>(
  records: readonly unknown[],
  { key, read, keyOf, describeItem, recall }: RecordList<Item>,
  { turn, problems }: Reading,
): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  for (const [index, record] of records.entries()) {
    if (problems.length >= PROBLEMS_SHOWN) break;
    if (index % STEP === 0) await turn.passIfOver();
    const item = recall?.(record) ?? judge(read(record), [key, index], problems);
    if (item === undefined) continue;
    if (items.has(keyOf(item))) {
      const message = `${describeItem(item)} is there more than once`;
      problems.push({ path: [key, index], message });
    }
    items.set(keyOf(item), item);
  }
  return items;
}

/** Returns the item at a place. Returns undefined, and adds problems, if its record is wrong. */
function judge<Item>(
  { data, problems: found }: Read<Item>,
  place: readonly PropertyKey[],
  problems: Problem[],
): Item | undefined {
  for (const { path, message } of found ?? []) {
    problems.push({ path: [...place, ...path], message });
  }
  return data;
}

/** Formats users as the text of a file, in slices between which others take their turn. */
export async function formatUserFile(users: UserMap): Promise<string> {
  const turn = await Turn.takeUrgently();
  const inOrder = await users.inOrder(turn);
  const version = inOrder.some(hasMore) ? WITH_MORE : VERSION;
  const lists = [await formatList('users', inOrder, turn)];
  const subscriptions = users.subscriptions.list();
  if (subscriptions.length > 0) {
    lists.push(await formatList('subscriptions', subscriptions, turn));
  }
  return `{\n  "version": ${String(version)},\n  ${lists.join(',\n  ')}\n}\n`;
}

function hasMore({ grants, disabled, created, changed, sessions }: User): boolean {
  return [grants, disabled, created, changed, sessions].some((value) => value !== undefined);
}

async function formatList(key: string, items: readonly object[], turn: Turn): Promise<string> {
  const texts: string[] = [];
  for (const item of items) {
    texts.push(`    ${JSON.stringify(item, null, 2).replaceAll('\n', '\n    ')}`);
    if (texts.length % STEP === 0) await turn.passIfOver();
  }
  return `"${key}": ${texts.length === 0 ? '[]' : `[\n${texts.join(',\n')}\n  ]`}`;
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

/** Finds each place in a slice of its own: a search steps through the whole text. */
async function problemsError(
  text: string,
  problems: readonly Problem[],
  turn: Turn,
): Promise<UserFileError> {
  const shown: string[] = [];
  for (const { path, message } of problems.slice(0, PROBLEMS_SHOWN)) {
    await turn.pass();
    shown.push(describe(text, path, message));
  }
  return new UserFileError(shown.join('; '));
}

function describe(text: string, path: readonly PropertyKey[], problem: string): string {
  const { line, column } = locateInJson(text, path);
  return `line ${String(line)}, column ${String(column)}: ${problem}`;
}
