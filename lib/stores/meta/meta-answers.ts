import type { ZodType } from 'zod';
import { isRecord } from '../../is-record.js';
import type { MetaGrant, MetaGrantSum } from '../../privileges/meta-permissions.js';
import { sumGrants } from '../../privileges/meta-permissions.js';
import { Turn } from '../../turns.js';
import { isBcryptHash } from '../rules/bcrypt-hash.js';
import { MetaFailure } from './meta-failure.js';
import type * as MetaSchemas from './meta-schemas.js';
import type { MetaReply } from './meta-transport.js';

/** Loaded with the first answer. */
declare function require(id: './meta-schemas.js'): typeof MetaSchemas;

/** A user as a meta node holds it. */
export interface MetaUser {
  readonly name: string;
  /** A bcrypt hash; empty for users of a directory (LDAP). */
  readonly hash: string;
  /** The grants to the user, without those of the user's roles. */
  readonly granted: MetaGrantSum;
}

/** The grants of each user's roles, by the user's name. */
export type MetaRoles = ReadonlyMap<string, readonly MetaGrantSum[]>;

/**
 * Reads a user; returns undefined if the node knows no such user.
 *
 * @throws MetaFailure unless the reply is about the user of exactly this name
 */
export function readUser(reply: MetaReply, name: string): MetaUser | undefined {
  if (reply.status === 404) return undefined;
  if (isRefusal(reply)) throw new MetaFailure('credentials', statusText(reply));
  const { users } = parse(reply, require('./meta-schemas.js').usersSchema, 'users');
  const [user] = users;
  if (user === undefined) return undefined;
  if (users.length > 1) {
    throw new MetaFailure('answer', `it answers with ${String(users.length)} users instead of one`);
  }
  if (user.name !== name) {
    throw new MetaFailure('answer', 'it answers with another user than the one asked for');
  }
  const hash = user.hash ?? '';
  if (hash !== '' && !isBcryptHash(hash)) {
    throw new MetaFailure('answer', `the hash of user ${JSON.stringify(name)} is not bcrypt`);
  }
  return { name, hash, granted: sumGrants(grantsIn(user.permissions, 'users')) };
}

/**
 * Sums up the roles in slices, so that a long list lets others take their turn.
 *
 * @returns undefined if the node doesn't tell us about roles
 * @throws MetaFailure if the reply is no list of roles
 */
export async function readRoles(reply: MetaReply): Promise<MetaRoles | undefined> {
  if (reply.status === 404 || isRefusal(reply)) return undefined;
  const { roles } = parse(reply, require('./meta-schemas.js').rolesSchema, 'roles');
  const byUser = new Map<string, MetaGrantSum[]>();
  const turn = await Turn.take();
  for (const { permissions, users } of roles ?? []) {
    const sum = sumGrants(grantsIn(permissions, 'roles'));
    for (const name of new Set(users)) {
      const sums = byUser.get(name);
      if (sums === undefined) byUser.set(name, [sum]);
      else sums.push(sum);
    }
    await turn.passIfOver();
  }
  return byUser;
}

/**
 * Returns true if the node verified the password: status 200 with no body, or with
 * `{"authorized":true}` and nothing else.
 *
 * @throws MetaFailure for a reply of another shape
 */
export function readAuthorized(reply: MetaReply): boolean {
  if (reply.status === 404 || isRefusal(reply)) return false;
  requireOk(reply);
  // Kapacitor takes any 200 for a yes. So would be an answer that a proxy gives to everything.
  if (reply.body.trim() === '') return true;
  const told = parseJson(reply);
  if (!isRecord(told)) throw new MetaFailure('node', 'it answers with no object');
  const [key, ...others] = Object.entries(told);
  if (key?.[0] !== 'authorized' || others.length > 0) {
    throw new MetaFailure('answer', 'it answers about a password with neither yes nor no');
  }
  return key[1] === true;
}

/**
 * Returns true if a node refuses a request because of credentials: ours, or perhaps the user's if
 * it verifies a password.
 */
export function isRefusal({ status }: MetaReply): boolean {
  return status === 401 || status === 403;
}

/**
 * Checks that a 404 comes from a meta node, and not from any web server that lacks the path.
 *
 * @throws MetaFailure if it does not
 */
export function requireOwnShape(reply: MetaReply): void {
  const told = parseJson(reply);
  if (isRecord(told) && typeof told['error'] === 'string') return;
  throw new MetaFailure('node', `${statusText(reply)} as no meta node does`);
}

/** Reads the grants by database. @throws MetaFailure if `permissions` is no record of lists */
function* grantsIn(permissions: unknown, what: string): Generator<MetaGrant, void, void> {
  if (permissions === null || permissions === undefined) return;
  if (!isRecord(permissions)) throw noList(what);
  const byDatabase: [string, unknown][] = Object.entries(permissions);
  for (const [database, names] of byDatabase) {
    if (names === null) continue;
    if (!isList(names)) throw noList(what);
    for (const permission of names) {
      if (typeof permission === 'string') yield { permission, database };
    }
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function noList(what: string): MetaFailure {
  return new MetaFailure('answer', `it answers with no list of ${what}`);
}

function parse<T>(reply: MetaReply, schema: ZodType<T>, what: string): T {
  requireOk(reply);
  const { success, data } = schema.safeParse(parseJson(reply));
  if (!success) throw noList(what);
  return data;
}

function requireOk(reply: MetaReply): void {
  if (reply.status !== 200) throw new MetaFailure('answer', statusText(reply));
}

function parseJson({ body }: MetaReply): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The text of a SyntaxError quotes the input.
    throw new MetaFailure('node', 'it answers with something other than JSON');
  }
}

function statusText({ status }: MetaReply): string {
  return `it answers with status ${String(status)}`;
}
