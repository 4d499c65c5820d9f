import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import type { MetaGrantSum } from '../../privileges/meta-permissions.js';
import { SingleFlight } from '../../single-flight.js';
import { warnOnce } from '../../warnings.js';
import type { MetaRoles } from './meta-answers.js';
import { readRoles } from './meta-answers.js';
import type { MetaClient } from './meta-client.js';
import { ROLES_PATH } from './meta-paths.js';

/** The largest list of roles that is read, in bytes. */
const MAX_ROLES = 16 * 1024 * 1024;

/** Parts and options of a role directory. */
export interface RoleDirectoryOptions {
  readonly client: MetaClient;
  readonly logger: Logger;
  /** Milliseconds for which a list of roles is used. */
  readonly keep: number;
  /** Time for asking for the list, in milliseconds. */
  readonly deadline: number;
}

/**
 * A list of roles, and the time at which it was asked for, in milliseconds of `performance.now()`.
 */
interface RoleList {
  readonly roles: MetaRoles;
  readonly askedAt: number;
}

/** The grants of a user's roles. */
export interface RoleGrants {
  readonly sums: readonly MetaGrantSum[];
  /** The time at which the roles were asked for, in milliseconds of `performance.now()`. */
  readonly askedAt: number;
}

/**
 * Knows the grants of all roles. It asks for the whole list: a meta node doesn't tell the roles of
 * one user.
 */
export class RoleDirectory {
  readonly #options: RoleDirectoryOptions;
  readonly #asking = new SingleFlight<RoleList>();
  #last: RoleList | undefined;

  constructor(options: RoleDirectoryOptions) {
    this.#options = options;
  }

  /**
   * The grants of a user's roles; none if the node has no roles or doesn't tell us.
   *
   * @param until - time at which to give up, in milliseconds of `performance.now()`
   * @throws StoreUnavailableError if no node answers in time
   */
  async grantsOf(name: string, until: number): Promise<RoleGrants> {
    const { roles, askedAt } = await this.#current(until);
    return { sums: roles.get(name) ?? [], askedAt };
  }

  async #current(until: number): Promise<RoleList> {
    const { keep } = this.#options;
    if (this.#last !== undefined && performance.now() - this.#last.askedAt < keep) {
      return this.#last;
    }
    const list = this.#asking.run('', () => this.#ask(), keep);
    return inTime(list, until);
  }

  /** Takes the whole time for a list, and not what is left to the first user who wants it. */
  async #ask(): Promise<RoleList> {
    const { client, logger, deadline } = this.#options;
    const askedAt = performance.now();
    const roles = await client.ask({
      path: ROLES_PATH,
      about: ROLES_PATH,
      read: readRoles,
      until: askedAt + deadline,
      most: MAX_ROLES,
      ifTooLarge: 'too large',
    });
    if (roles === undefined) {
      warnOnce(
        'WRN_KAUTH_META_NO_ROLES',
        'the meta node has no roles or does not let us read them: users have only the permissions granted to themselves. ' +
          'Roles count when the account in auth.meta-username may read /role',
        logger,
      );
    }
    if (roles === 'too large') {
      warnOnce(
        'WRN_KAUTH_META_TOO_MANY_ROLES',
        `the meta node's list of roles is larger than ${String(MAX_ROLES)} bytes: users have only the permissions granted to themselves`,
        logger,
      );
    }
    this.#last = { roles: roles instanceof Map ? roles : new Map(), askedAt };
    return this.#last;
  }
}

/** @throws StoreUnavailableError if it takes longer */
async function inTime<T>(answer: Promise<T>, until: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    const late = (): void => {
      reject(new StoreUnavailableError('no meta node tells the roles in time'));
    };
    timer = setTimeout(late, until - performance.now());
  });
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
