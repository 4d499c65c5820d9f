import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../index.js';
import { systemErrorCode } from '../system-error.js';

const NAME = 'admin-password';

type Store = Config['store'];

/**
 * The files of a first password: the usual one, and one if that is taken. A database elsewhere has
 * no folder here, so they are in the working folder then.
 */
export interface PasswordFiles {
  readonly usual: string;
  readonly other: string;
  /** Each start has its own until its administrator is made: several may start at once. */
  readonly own: string;
}

/** Returns the files of a first password; undefined if users are in memory. */
export function passwordFiles({ type, path, schema }: Store): PasswordFiles | undefined {
  const isElsewhere = type === 'postgres';
  if (!isElsewhere && path === ':memory:') return undefined;
  const folder = isElsewhere ? process.cwd() : dirname(resolve(path));
  const other = join(folder, `${NAME}.${isElsewhere ? schema : basename(path)}`);
  return {
    usual: join(folder, NAME),
    other,
    own: `${other}.${randomBytes(OWN_BYTES).toString('hex')}`,
  };
}

const OWN_BYTES = 4;
const OWN = /^\.[\da-f]{8}$/;

/**
 * Gives the file of a start its lasting name.
 *
 * @returns the name that it has now
 */
export async function settlePasswordFile({ usual, other, own }: PasswordFiles): Promise<string> {
  try {
    await moveUnlessTaken(own, usual);
    return usual;
  } catch {
    // Another store in the same folder may have left its own there.
    return rename(own, other).then(
      () => other,
      () => own,
    );
  }
}

/** @throws Error of the system, `EEXIST` if the name is taken */
async function moveUnlessTaken(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Some file systems know no second name of a file.
    if (systemErrorCode(error) === 'EEXIST' || existsSync(to)) throw error;
    await rename(from, to);
    return;
  }
  await rm(from, { force: true });
}

/** The files with a first password that earlier starts left beside the store. */
export function keptPasswords({ auth, store }: Pick<Config, 'auth' | 'store'>): readonly string[] {
  const files = auth.metaAddr.length === 0 ? passwordFiles(store) : undefined;
  if (files === undefined) return [];
  const { usual, other } = files;
  return [...[usual, other].filter((path) => existsSync(path)), ...leftByBrokenStarts(other)];
}

function leftByBrokenStarts(other: string): readonly string[] {
  const name = basename(other);
  try {
    return readdirSync(dirname(other))
      .filter((file) => file.startsWith(name) && OWN.test(file.slice(name.length)))
      .sort()
      .map((file) => join(dirname(other), file));
  } catch {
    // A folder may be closed to readers.
    return [];
  }
}
