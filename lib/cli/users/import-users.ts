import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KapacitorAuthError, Users } from '../../index.js';
import { InvalidRequestError, UserConflictError } from '../../index.js';
import type { FileUser, LeftOut } from './file-users.js';

/** The result of an import, by the names of users. */
export interface ImportReport {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** Users that existed already and are unchanged. */
  readonly existing: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /**
   * The failure of the store that ended the import, if any. Users after it are not in the report.
   */
  readonly failure?: Error;
  /**
   * The signal that stopped the import, if any, and the number of users before that. Later ones are
   * not in the report.
   */
  readonly stopped?: { readonly by: NodeJS.Signals; readonly done: number };
}

export interface ImportSettings {
  /** Replace existing users. */
  readonly update: boolean;
  /** Change nothing, only report. */
  readonly dryRun: boolean;
  /** Called after each user. */
  readonly advance?: (() => void) | undefined;
  /** Returns the signal that asks to stop, once there is one. No further user is begun then. */
  readonly stopSignal?: (() => NodeJS.Signals | undefined) | undefined;
}

/**
 * Adds users to a store, one after another. A failure on the way does not hide what was done
 * before.
 *
 * @param judged - users that can be kept
 */
export async function importUsers(
  users: Users,
  judged: readonly FileUser[],
  { update, dryRun, advance, stopSignal }: ImportSettings,
): Promise<ImportReport> {
  const added: string[] = [];
  const updated: string[] = [];
  const existing: string[] = [];
  const leftOut: LeftOut[] = [];
  const bring = async ({ place, ...user }: FileUser): Promise<void> => {
    const isThere = (await users.get(user.name)) !== undefined;
    if (isThere && !update) {
      existing.push(user.name);
      return;
    }
    const { name, hash, type, permissions, grants, disabled } = user;
    const changes = { hash, type, permissions, grants, disabled };
    try {
      if (!dryRun) await (isThere ? users.update(name, changes) : users.create(user));
      (isThere ? updated : added).push(name);
    } catch (error) {
      if (!(error instanceof UserConflictError)) throw error;
      leftOut.push({ place, name, reason: reasonOf(error) });
    }
  };
  try {
    // Administrators first, so that there is one at any time.
    const inOrder = [...judged].sort((one, other) => rank(one) - rank(other));
    for (const [done, user] of inOrder.entries()) {
      // Signals would get no turn with a store that answers at once.
      await nextTurn();
      const by = stopSignal?.();
      if (by !== undefined) return { added, updated, existing, leftOut, stopped: { by, done } };
      await bring(user);
      advance?.();
    }
    return { added, updated, existing, leftOut };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { added, updated, existing, leftOut, failure };
  }
}

/**
 * Adds users to a store in one change, all or none.
 *
 * @param judged - users that can be kept
 * @throws Error that says why none was imported; StoreUnavailableError; MisuseError if the store
 * can't do that
 */
export async function importAtOnce(
  users: Users,
  judged: readonly FileUser[],
  settings: Pick<ImportSettings, 'update'>,
): Promise<ImportReport> {
  const brought = judged.map(({ place: _place, ...user }) => user);
  try {
    return { ...(await users.putAll(brought, settings)), existing: [], leftOut: [] };
  } catch (error) {
    // After any other failure nobody knows whether users were imported.
    if (!(error instanceof UserConflictError)) throw error;
    const hint = error.code === 'ERR_KAUTH_USER_EXISTS' ? ' (see --update)' : '';
    throw new Error(`nothing was imported: ${error.message}${hint}`, { cause: error });
  }
}

function rank({ type }: FileUser): number {
  return type === 'admin' ? 0 : 1;
}

/** Separates users that can be kept from those that can't. */
export function judgeUsers(
  users: Users,
  brought: readonly FileUser[],
): { readonly judged: readonly FileUser[]; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const judged = brought.filter(({ place, ...user }) => {
    try {
      users.check(user);
      return true;
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      leftOut.push({ place, name: user.name, reason: reasonOf(error) });
      return false;
    }
  });
  return { judged, leftOut };
}

function reasonOf({ message }: KapacitorAuthError): string {
  return `can't be taken: ${message}`;
}
