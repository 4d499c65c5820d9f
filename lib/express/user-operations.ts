import type { Request } from 'express';
import type { Users } from '../authenticate/users.js';
import { UserNotFoundError } from '../errors.js';
import { resolveUser } from '../privileges/user.js';
import type { KapacitorUser, UserDescription } from '../privileges/user.js';
import type { ChangeOptions } from '../stores/user-store.js';
import { judgeGrants, judgeTarget } from './escalation.js';
import { readJsonObject } from './json-body.js';
import {
  NEW_USER_KEYS,
  USER_UPDATE_KEYS,
  parseNewUser,
  parseUserUpdate,
  userDocument,
} from './user-documents.js';
import type { UserDocument } from './user-documents.js';
import { parseUserListQuery } from './user-list-query.js';
import { judgeUsersRequest } from './users-path.js';

/** An authorized request to the users API, taken apart. */
export interface Call {
  readonly users: Users;
  readonly request: Request;
  readonly actor: KapacitorUser;
  /** The user that the path names; empty when it names none. */
  readonly name: string;
  readonly query: string;
}

/** Answers a call with a document, or with nothing to show. */
export type Operation = (call: Call) => Promise<object | undefined>;

/** What can be done by which HTTP method: with all users, and with the one whose name the path has one segment for. */
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

async function listUsers({ users, query }: Call): Promise<object> {
  const { options, fields } = parseUserListQuery(query);
  const documents = (await users.list(options)).map(userDocument);
  return {
    users: documents.map((user) => Object.fromEntries(fields.map((field) => [field, user[field]]))),
  };
}

async function showUser({ users, name }: Call): Promise<UserDocument> {
  const user = await users.get(name);
  if (user === undefined) throw new UserNotFoundError();
  return userDocument(user);
}

async function createUser(call: Call): Promise<UserDocument> {
  const user = parseNewUser(await readJsonObject(call.request, NEW_USER_KEYS));
  for (const actor of await actorsOf(call)) judgeGrants(actor, user);
  return userDocument(await call.users.create(user));
}

async function updateUser(call: Call): Promise<UserDocument> {
  const { users, name, request } = call;
  const update = parseUserUpdate(await readJsonObject(request, USER_UPDATE_KEYS));
  const target = await users.get(name);
  if (target === undefined) throw new UserNotFoundError();
  const actors = await actorsOf(call);
  for (const actor of actors) judgeGrants(actor, update);
  return userDocument(await users.update(name, update, judgedBy(actors, target)));
}

async function deleteUser({ users, name, actor }: Call): Promise<undefined> {
  const target = await users.get(name);
  if (target !== undefined) await users.delete(name, judgedBy([actor], target));
}

/**
 * As whom a change is judged: the user as authenticated, and as it is now that the body has arrived. A client could send the
 * head of its request while it has privileges, and the body long after it lost them.
 */
async function actorsOf({ users, actor, request }: Call): Promise<readonly KapacitorUser[]> {
  const { name, source } = actor;
  if (source === 'disabled') return [actor];
  const found = await users.get(name);
  const now = resolveUser(found ?? { name, type: 'normal', permissions: [] }, 'local');
  judgeUsersRequest(now, request);
  return [actor, now];
}

/** Judges a user that is to change now, and again at the change: until its new password is hashed, it may be raised. */
function judgedBy(actors: readonly KapacitorUser[], target: UserDescription): ChangeOptions {
  const check = (user: UserDescription): void => {
    for (const actor of actors) judgeTarget(actor, user);
  };
  check(target);
  return { check };
}
