import { z } from 'zod';
import type { MetaGrant } from '../../privileges/meta-permissions.js';
import { isBcryptHash } from '../bcrypt-hash.js';
import { MetaFailure } from './meta-failure.js';
import type { MetaReply } from './meta-transport.js';

/** A user as a meta node holds it. */
export interface MetaUser {
  readonly name: string;
  /** A bcrypt hash; empty for users of a directory (LDAP). */
  readonly hash: string;
  /** What is granted to the user itself, without its roles. */
  readonly grants: readonly MetaGrant[];
}

/** A role: what it grants, and to whom. */
export interface MetaRole {
  readonly users: ReadonlySet<string>;
  readonly grants: readonly MetaGrant[];
}

/** By database; names and anything else that is not known are left out later. */
const Permissions = z.record(z.string(), z.array(z.unknown()).nullish()).nullish();

const Users = z.object({
  users: z.array(
    z.object({ name: z.string(), hash: z.string().nullish(), permissions: Permissions }),
  ),
});

/** Go writes an empty list as null or not at all. */
const Roles = z.object({
  roles: z
    .array(z.object({ permissions: Permissions, users: z.array(z.string()).nullish() }))
    .nullish(),
});

/** @throws MetaFailure unless the reply is about the user of exactly this name */
export function readUser(reply: MetaReply, name: string): MetaUser | undefined {
  if (reply.status === 404) return undefined;
  if (isRefusal(reply)) throw new MetaFailure('credentials', statusText(reply));
  const { users } = parse(reply, Users, 'users');
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
  return { name, hash, grants: grantsIn(user.permissions) };
}

/** @returns undefined when the node tells us about no roles @throws MetaFailure */
export function readRoles(reply: MetaReply): readonly MetaRole[] | undefined {
  if (reply.status === 404 || isRefusal(reply)) return undefined;
  const { roles } = parse(reply, Roles, 'roles');
  return (roles ?? []).map(({ permissions, users }) => ({
    users: new Set(users),
    grants: grantsIn(permissions),
  }));
}

/** Whether a password was verified. @throws MetaFailure */
export function readAuthorized(reply: MetaReply): boolean {
  if (reply.status === 404 || isRefusal(reply)) return false;
  requireOk(reply);
  // Nothing is said beyond the status; but what answers everything with a page is no meta node.
  if (reply.body.trim() !== '') parseJson(reply);
  return true;
}

function grantsIn(permissions: z.infer<typeof Permissions>): readonly MetaGrant[] {
  return Object.entries(permissions ?? {}).flatMap(([database, names]) =>
    (names ?? [])
      .filter((permission) => typeof permission === 'string')
      .map((permission) => ({ permission, database })),
  );
}

function parse<T>(reply: MetaReply, schema: z.ZodType<T>, what: string): T {
  requireOk(reply);
  const { success, data } = schema.safeParse(parseJson(reply));
  if (!success) throw new MetaFailure('answer', `it answers with no list of ${what}`);
  return data;
}

function requireOk(reply: MetaReply): void {
  if (reply.status !== 200) throw new MetaFailure('answer', statusText(reply));
}

function parseJson({ body }: MetaReply): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The text of a SyntaxError quotes what was parsed.
    throw new MetaFailure('node', 'it answers with something other than JSON');
  }
}

function isRefusal({ status }: MetaReply): boolean {
  return status === 401 || status === 403;
}

function statusText({ status }: MetaReply): string {
  return `it answers with status ${String(status)}`;
}
