import { InvalidRequestError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import { isRecord } from '../../is-record.js';
import { canonicalGrants, LONGEST_GRANT, MOST_GRANTS } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions, PERMISSIONS } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { StoredUser } from '../user-store.js';
import { isBcryptHash } from './bcrypt-hash.js';
import type { Read } from './read-record.js';
import { isText, isTime, RecordReader } from './read-record.js';
import { USER_FIELDS } from './user-fields.js';
import { checkUserName } from './user-name.js';

/**
 * A user as people write it down; without type and permissions, a normal user without permissions.
 */
export interface UserRecord {
  /** Letters of any script, 0-9, `-`, `.`, `_`, `@`. */
  readonly name: string;
  /** `normal` if left out. */
  readonly type?: UserType | undefined;
  readonly hash: string;
  /** None if left out. */
  readonly permissions?: readonly Permission[] | undefined;
  /** None if left out; an administrator has none. */
  readonly grants?: readonly string[] | undefined;
  /** True if the user can't log in; false if left out. */
  readonly disabled?: boolean | undefined;
  /** The time at which the user was added (ISO 8601 in UTC); unknown if left out. */
  readonly created?: string | undefined;
  /** The time of the last change (ISO 8601 in UTC); unknown if left out. */
  readonly changed?: string | undefined;
  /** All sessions of the user are bound to it: 16 to 64 characters of base64url, or left out. */
  readonly sessions?: string | undefined;
}

/** Bytes that all grants of a user have at most, each with a character behind it. */
export const LONGEST_GRANTS: number = MOST_GRANTS * (LONGEST_GRANT + 1);

export const NEEDS_NO_GRANTS = 'an administrator needs no grants';

/** Reads a user that can be stored, made canonical and frozen. Its messages never show a hash. */
export function readUser(record: unknown): Read<StoredUser> {
  if (!isRecord(record)) {
    const message = 'a user must be an object with name, type, hash and permissions';
    return { problems: [{ path: [], message }] };
  }
  const fields = new RecordReader(record);
  const name = readName(fields);
  const type = fields.optional('type', isType, 'type must be "admin" or "normal"') ?? 'normal';
  const hash = readHash(fields);
  const permissions = fields.list('permissions', isPermission, {
    list: 'permissions must be a list',
    item: `permissions must be among ${PERMISSIONS.join(', ')}`,
  });
  const grants = readGrants(fields);
  const rest = readRest(fields);
  fields.noOthers(USER_FIELDS satisfies readonly (keyof StoredUser)[]);
  const isNeedless = fields.problems.length === 0 && grants.length > 0 && type === 'admin';
  if (isNeedless) fields.note(NEEDS_NO_GRANTS, 'grants');
  const isThere = name !== undefined && hash !== undefined && permissions !== undefined;
  if (fields.problems.length > 0 || !isThere) return { problems: fields.problems };
  return {
    data: Object.freeze({
      name,
      type,
      hash,
      permissions: canonicalPermissions(permissions),
      ...(grants.length > 0 && { grants }),
      ...rest,
    }),
  };
}

function readName(fields: RecordReader): string | undefined {
  const name = fields.field('name', isText, 'name must be a string');
  if (name === undefined) return undefined;
  const problem = problemOf(() => {
    checkUserName(name);
  });
  if (problem !== undefined) fields.note(problem, 'name');
  return name;
}

function readHash(fields: RecordReader): string | undefined {
  const hash = fields.field('hash', isText, 'hash must be a string');
  if (hash !== undefined && !isBcryptHash(hash)) {
    fields.note('hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31', 'hash');
  }
  return hash;
}

function readGrants(fields: RecordReader): readonly string[] {
  const wrong = { list: 'grants must be a list', item: 'a grant must be a string' };
  const grants = fields.list('grants', isText, wrong) ?? [];
  let canonical: readonly string[] = [];
  const problem = problemOf(() => {
    canonical = canonicalGrants(grants);
  });
  if (problem !== undefined) fields.note(problem, 'grants');
  return canonical;
}

/** Values that are left out get no key: records of users who have none are as they always were. */
function readRest(
  fields: RecordReader,
): Pick<StoredUser, 'disabled' | 'created' | 'changed' | 'sessions'> {
  const disabled = fields.optional('disabled', isSwitch, 'disabled must be true or false');
  const created = fields.optional('created', isTime, timeWrong('created'));
  const changed = fields.optional('changed', isTime, timeWrong('changed'));
  const wrong = 'sessions must be 16 to 64 characters of base64url';
  const sessions = fields.optional('sessions', isSessions, wrong);
  return {
    ...(disabled === true && { disabled }),
    ...(created !== undefined && { created }),
    ...(changed !== undefined && { changed }),
    ...(sessions !== undefined && { sessions }),
  };
}

/** The text of a refusal; undefined if there is none. */
function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.message;
    throw error;
  }
}

function timeWrong(what: string): string {
  return `${what} must be a time such as "2026-11-24T10:00:00.000Z"`;
}

function isType(value: unknown): value is UserType {
  return value === 'admin' || value === 'normal';
}

function isPermission(value: unknown): value is Permission {
  return PERMISSIONS.some((permission) => permission === value);
}

function isSwitch(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isSessions(value: unknown): value is string {
  return isText(value) && /^[\w-]{16,64}$/.test(value);
}

/**
 * Brings a user into the form in which it is stored: frozen, its permissions and grants canonical.
 *
 * @throws InvalidRequestError if it can't be stored: a name, type, permission or grant that doesn't
 *   exist, a hash of an unknown scheme
 */
export function canonicalUser(user: UserRecord): StoredUser {
  const { data, problems } = readUser(user);
  if (data !== undefined) return data;
  throw invalidRequest(problems.map(({ message }) => message).join('; '));
}
