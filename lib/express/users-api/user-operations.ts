import type { Request } from 'express';
import { UserNotFoundError } from '../../errors.js';
import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import type { KapacitorUser } from '../../privileges/user.js';
import { mapInTurns } from '../../turns.js';
import type { EncodedJson } from './encoded-json.js';
import { encodeList } from './encoded-json.js';
import { readJsonObject } from './json-body.js';
import { JudgedUsers } from './judged-users.js';
import type { UserDocument } from './user-documents.js';
import {
  NEW_USER_KEYS,
  parseNewUser,
  parseUserUpdate,
  USER_UPDATE_KEYS,
  userDocument,
} from './user-documents.js';
import { parseUserListQuery } from './user-list-query.js';

export { changeOwnPassword } from './own-password.js';

/** An authorized request to the users API, in its parts. */
export interface Call {
  readonly users: Users;
  readonly request: Request;
  readonly actor: KapacitorUser;
  /** The user in the path; empty if it names none. */
  readonly name: string;
  readonly query: string;
}

/** Answers a call with a document, encoded or not, or with nothing. */
export type Operation = (call: Call) => Promise<EncodedJson | object | undefined>;

/**
 * The operations by HTTP method: first those on all users, then those on the user named by a path
 * of one segment.
 */
export const OPERATIONS: readonly ReadonlyMap<string, Operation>[] = [
  new Map<string, Operation>([
    ['GET', listUsers],
    ['POST', createUser],
  ]),
  new Map<string, Operation>([
    ['GET', showUser],
    ['PATCH', updateUser],
    ['DELETE', deleteUser],
  ]),
];

async function listUsers({ users, query }: Call): Promise<EncodedJson> {
  const { options, fields } = parseUserListQuery(query);
  const asked = new URLSearchParams(query).getAll('fields');
  // Otherwise they are shown only if there is something to show.
  const empty = {
    ...(asked.includes('grants') && { grants: [] }),
    ...(asked.includes('disabled') && { disabled: false }),
  };
  const encode = (user: UserInfo): string => {
    const document = { ...empty, ...userDocument(user) };
    return JSON.stringify(Object.fromEntries(fields.map((field) => [field, document[field]])));
  };
  return encodeList('users', await mapInTurns(await users.list(options), encode));
}

async function showUser({ users, name }: Call): Promise<UserDocument> {
  const user = await users.get(name);
  if (user === undefined) throw new UserNotFoundError();
  return userDocument(user);
}

async function createUser(call: Call): Promise<UserDocument> {
  const user = parseNewUser(await readJsonObject(call.request, NEW_USER_KEYS));
  return userDocument(await judged(call).create(user));
}

async function updateUser(call: Call): Promise<UserDocument> {
  const update = parseUserUpdate(await readJsonObject(call.request, USER_UPDATE_KEYS));
  return userDocument(await judged(call).update(call.name, update));
}

async function deleteUser(call: Call): Promise<undefined> {
  await judged(call).delete(call.name);
}

function judged({ users, actor, request }: Call): JudgedUsers {
  return new JudgedUsers({ users, actor, asked: request });
}
