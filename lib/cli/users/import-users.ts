import type { KapacitorAuthError, Users } from '../../index.js';
import { InvalidRequestError, UserConflictError } from '../../index.js';
import type { FileUser, LeftOut } from './file-users.js';

/** What became of the users of a file. */
export interface ImportReport {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** There already, and left as they are. */
  readonly existing: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** Why the store could not go on, if so; the users after that are not in the report. */
  readonly failure?: Error;
}

/** How users are imported. */
export interface ImportSettings {
  /** Replace users that are there already. */
  readonly update: boolean;
  /** Change nothing, tell only what would be done. */
  readonly dryRun: boolean;
  /** Called after each user. */
  readonly advance?: (() => void) | undefined;
}

/**
 * Adds users to a store, one after another. What goes wrong on the way does not hide what was done before.
 *
 * @param judged - users that can be kept
 */
export async function importUsers(
  users: Users,
  judged: readonly FileUser[],
  { update, dryRun, advance }: ImportSettings,
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
    const { name, ...changes } = user;
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
    for (const user of [...judged].sort((one, other) => rank(one) - rank(other))) {
      await bring(user);
      advance?.();
    }
    return { added, updated, existing, leftOut };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { added, updated, existing, leftOut, failure };
  }
}

function rank({ type }: FileUser): number {
  return type === 'admin' ? 0 : 1;
}

/** Tells users that can be kept from those that can't. */
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
