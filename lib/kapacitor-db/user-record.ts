import { isBcryptHash } from '../stores/rules/bcrypt-hash.js';
import { Damage } from './damage.js';
import type { GobValue } from './gob/gob-value.js';
import { GobMap, isList } from './gob/gob-value.js';
import { readGob } from './gob/read-gob.js';

/** A user as Kapacitor keeps one (`services/auth/dao.go`). */
export interface UserRecord {
  readonly name: string;
  readonly isAdmin: boolean;
  /** A bcrypt hash; empty for a subscription, and for a user who can't log in. */
  readonly hash: string;
  readonly privileges: KapacitorPrivileges;
}

/** Kapacitor's numbers of privileges by resource: 0 none, 1 read, 2 write, 3 delete, 4 all. */
export type KapacitorPrivileges = ReadonlyMap<string, readonly number[]>;

/** The largest user that is read, in bytes: some ten thousand databases. */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads a user. Fields that this release doesn't know are passed over.
 *
 * @param key - the name that the database has it under
 * @throws Damage; it shows no name, which may be a token
 */
export function readUserRecord(key: string, bytes: Uint8Array): UserRecord {
  if (bytes.length > MOST_BYTES) {
    throw new Damage(`a user in it has ${String(bytes.length)} bytes, too many for any user`);
  }
  const user = readGob(bytes);
  const name = user.get('Name') ?? '';
  const isAdmin = user.get('Admin') ?? false;
  if (name !== key) throw new Damage('a user in it is kept under another name');
  if (typeof isAdmin !== 'boolean') throw new Damage('"Admin" of a user in it is no boolean');
  const hash = readHash(user.get('Hash') ?? new Uint8Array());
  return { name: key, isAdmin, hash, privileges: readPrivileges(user.get('Privileges')) };
}

function readHash(value: GobValue): string {
  if (!(value instanceof Uint8Array)) throw new Damage('"Hash" of a user in it is no bytes');
  const hash = Buffer.from(value).toString('latin1');
  if (hash !== '' && !isBcryptHash(hash)) {
    throw new Damage('the hash of a user in it is no bcrypt hash');
  }
  return hash;
}

function readPrivileges(value: GobValue = new GobMap([])): KapacitorPrivileges {
  if (!(value instanceof GobMap)) throw new Damage('"Privileges" of a user in it are no map');
  const privileges = new Map<string, readonly number[]>();
  for (const [resource, list] of value.entries) {
    if (typeof resource !== 'string' || privileges.has(resource)) {
      throw new Damage('a resource of a user in it is no text, or there twice');
    }
    if (!isList(list)) throw new Damage('privileges of a user in it are no list');
    privileges.set(resource, list.map(readNumber));
  }
  return privileges;
}

function readNumber(value: GobValue): number {
  if (typeof value !== 'number') throw new Damage('a privilege of a user in it is no number');
  return value;
}
