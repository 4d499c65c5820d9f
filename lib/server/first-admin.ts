import { randomBytes } from 'node:crypto';
import { compare } from 'bcrypt';
import type { Logger, Users } from '../index.js';
import {
  InvalidRequestError,
  isPlausibleSecret,
  PLAUSIBLE_SECRET,
  UserConflictError,
} from '../index.js';

/** The first administrator, created in an empty store. */
export interface FirstAdmin {
  readonly name: string;
  /** Shown once; undefined if the operator chose it. */
  readonly password: string | undefined;
}

/** A password that is kept before an administrator has it. */
export interface KeptPassword {
  /** Called once the administrator is made. */
  readonly settle: () => Promise<void>;
  /** Called if nobody got the password. */
  readonly drop: () => Promise<void>;
}

/** Keeps a password, so that nothing that ends the start can lose it. */
export type KeepPassword = (password: string) => Promise<KeptPassword>;

/** Settings of the first administrator. */
export interface FirstAdminSettings {
  /** Has the password that the operator chose; the environment of the process if left out. */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * Is called with a random password before the administrator is made; if left out, the caller
   * alone knows the password.
   */
  readonly keep?: KeepPassword | undefined;
}

const NAME = 'admin';
const VARIABLE = 'KAPACITOR_ADMIN_PASSWORD';

/**
 * Creates the first administrator of a store without users. The password is random, or the one in
 * the environment variable `KAPACITOR_ADMIN_PASSWORD`.
 *
 * @returns undefined if there are users, or if another process was faster
 * @throws StoreUnavailableError; InvalidRequestError if the variable's password can't be used
 */
export async function createFirstAdmin(
  users: Users,
  { environment = process.env, keep }: FirstAdminSettings = {},
): Promise<FirstAdmin | undefined> {
  if (await hasUsers(users)) return undefined;
  const chosen = environment[VARIABLE] ?? '';
  try {
    const password = chosen === '' ? await createKept(users, keep) : undefined;
    if (password === undefined) await createChosen(users, chosen);
    return { name: NAME, password };
  } catch (error) {
    if (error instanceof UserConflictError) return undefined;
    throw error;
  }
}

/** @returns the random password of the administrator */
async function createKept(users: Users, keep: KeepPassword | undefined): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const kept = await keep?.(password);
  try {
    await users.create({ name: NAME, password, type: 'admin' });
  } catch (error) {
    if (await isSurelyNotMade(users, error)) await kept?.drop();
    throw error;
  }
  await kept?.settle();
  return password;
}

async function createChosen(users: Users, password: string): Promise<void> {
  if (!isPlausibleSecret(password)) throw refused(`is not accepted; accepted: ${PLAUSIBLE_SECRET}`);
  try {
    await users.create({ name: NAME, password, type: 'admin' });
  } catch (error) {
    throw error instanceof InvalidRequestError ? refused(error.message) : error;
  }
}

async function hasUsers(users: Users): Promise<boolean> {
  const damaged: unknown[] = [];
  const usable = await users.list({ limit: 1, onUnusable: (user) => damaged.push(user) });
  return usable.length + damaged.length > 0;
}

/** A database that went away may have made the user before. */
async function isSurelyNotMade(users: Users, error: unknown): Promise<boolean> {
  if (error instanceof UserConflictError || error instanceof InvalidRequestError) return true;
  return hasUsers(users).then(
    (has) => !has,
    () => false,
  );
}

/**
 * Warns if `KAPACITOR_ADMIN_PASSWORD` differs from the password of the first administrator:
 * somebody may think that the variable changed the password.
 *
 * @throws StoreUnavailableError
 */
export async function tellOfKeptPassword(
  users: Users,
  logger: Logger,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const chosen = environment[VARIABLE] ?? '';
  if (chosen === '') return;
  const [admin] = await users.listWithHashes({ pattern: NAME, limit: 1, snapshot: false });
  if (admin === undefined || !isQuick(admin.hash)) return;
  if (await compare(chosen, admin.hash.replace(/^\$2y/, '$2b'))) return;
  const what = `the password of "${NAME}" is another one, and stays`;
  const how = `change it with "kapacitor-auth users passwd ${NAME}"`;
  logger.warn(`${VARIABLE} counts for the first start only: ${what}; ${how}`);
}

/** Returns true if the cost of a hash is at most 16: a costlier one takes seconds to hours. */
function isQuick(hash: string): boolean {
  return /^\$2[aby]\$(?:0\d|1[0-6])\$/.test(hash);
}

function refused(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', `${VARIABLE}: ${problem}`);
}
