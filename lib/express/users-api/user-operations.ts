import type { Request } from 'express';
import { UserNotFoundError } from '../../errors.js';
import type { UserInfo, UserUpdate } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import { checkGrants } from '../../manage/validate-user.js';
import type { KapacitorUser, UserDescription } from '../../privileges/user.js';
import { resolveUser } from '../../privileges/user.js';
import type { ChangeOptions, StoredUser } from '../../stores/user-store.js';
import { mapInTurns } from '../../turns.js';
import type { EncodedJson } from './encoded-json.js';
import { encodeList } from './encoded-json.js';
import { judgeGrants, judgeResult, judgeTarget } from './escalation.js';
import { readJsonObject } from './json-body.js';
import type { UserDocument } from './user-documents.js';
import {
  NEW_USER_KEYS,
  parseNewUser,
  parseUserUpdate,
  USER_UPDATE_KEYS,
  userDocument,
} from './user-documents.js';
import { parseUserListQuery } from './user-list-query.js';
import { judgeUsersRequest } from './users-path.js';

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
  const { actor, judge } = await judgeNow(call, (each) => {
    judgeGrants(each, user);
  });
  const made = await call.users.create(user, {
    actor,
    check: (present) => {
      judge(present);
    },
  });
  return userDocument(made);
}

async function updateUser(call: Call): Promise<UserDocument> {
  const { users, name, request } = call;
  const update = parseUserUpdate(await readJsonObject(request, USER_UPDATE_KEYS));
  const target = await users.get(name);
  if (target === undefined) throw new UserNotFoundError();
  const options = await judgeChange(call, target, {
    request: (actor) => {
      judgeGrants(actor, update);
    },
    result: (actor, user) => {
      judgeResult(actor, resultOf(user, update));
    },
  });
  return userDocument(await users.update(name, update, options));
}

async function deleteUser(call: Call): Promise<undefined> {
  const { users, name } = call;
  const target = await users.get(name);
  if (target === undefined) return;
  await users.delete(name, await judgeChange(call, target));
}

/** The rights of a user after an update. */
function resultOf(user: UserDescription, update: UserUpdate): UserDescription {
  return { ...user, ...checkGrants(update) };
}

/** Judges the actor and, if an existing user changes, that user too. */
type Judge = (actor: KapacitorUser, target?: UserDescription) => void;

/** The user who makes a change. */
type Actor = UserDescription & Pick<StoredUser, 'disabled'>;

/** The actor of a change, and the judgement to repeat inside the change. */
interface Judgement {
  readonly actor: string | undefined;
  /** @param present - the actor as of now; undefined if that user is gone */
  readonly judge: (present: Actor | undefined, target?: UserDescription) => void;
}

/**
 * Judges the actor of a change: as authenticated, and again now that the body has arrived. A client
 * could send the head of its request while it has privileges, and the body long after it lost them.
 * It may also lose them while the password is hashed and other changes are made, so the returned
 * judgement is repeated inside the change.
 */
async function judgeNow(
  { users, actor, request }: Call,
  judge: Judge,
  target?: UserDescription,
): Promise<Judgement> {
  const { name, source } = actor;
  if (source === 'disabled') {
    judge(actor, target);
    return {
      actor: undefined,
      judge: (_present, changed) => {
        judge(actor, changed);
      },
    };
  }
  const again: Judgement['judge'] = (present, changed) => {
    judge(actor, changed);
    // Who is gone or disabled by now may do nothing.
    const isThere = present !== undefined && present.disabled !== true;
    const now = resolveUser(isThere ? present : { name, type: 'normal', permissions: [] }, 'local');
    judgeUsersRequest(now, request);
    judge(now, changed);
  };
  again(await users.get(name), target);
  return { actor: name, judge: again };
}

/** Judgements beside the one if the actor may change the user at all. */
interface ChangeJudges {
  readonly request?: (actor: KapacitorUser) => void;
  /** Judges the user after the change. */
  readonly result?: (actor: KapacitorUser, user: UserDescription) => void;
}

/**
 * Checks the target now and again inside the change: it may gain rights while the password is
 * hashed.
 */
async function judgeChange(
  call: Call,
  target: UserDescription,
  { request, result }: ChangeJudges = {},
): Promise<ChangeOptions> {
  const judged: Judge = (actor, user = target) => {
    request?.(actor);
    judgeTarget(actor, user);
    result?.(actor, user);
  };
  const judgement = await judgeNow(call, judged, target);
  return {
    actor: judgement.actor,
    check: (user, present) => {
      judgement.judge(present, user);
    },
  };
}
