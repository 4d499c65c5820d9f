import type { Logger } from '../../logger.js';
import type { MetaGrant } from '../../privileges/meta-permissions.js';
import { warnOnce } from '../../warnings.js';
import type { MaybePromise } from '../user-store.js';
import { readRoles } from './meta-answers.js';
import type { MetaRole } from './meta-answers.js';
import type { MetaClient } from './meta-client.js';
import { ROLES_PATH } from './meta-paths.js';

/** What a role directory is made of. */
export interface RoleDirectoryOptions {
  readonly client: MetaClient;
  readonly logger: Logger;
  /** How long a list of roles is used, in milliseconds. */
  readonly keep: number;
}

/** What roles grant to whom. The list is asked for as a whole: a meta node doesn't tell the roles of one user. */
export class RoleDirectory {
  readonly #options: RoleDirectoryOptions;
  #roles: readonly MetaRole[] = [];
  #expires = 0;
  #asking: Promise<readonly MetaRole[]> | undefined;

  constructor(options: RoleDirectoryOptions) {
    this.#options = options;
  }

  /**
   * What a user is granted by its roles; nothing where the node has none or doesn't tell us.
   *
   * @param until - when to give up, in milliseconds of `performance.now()`
   * @throws StoreUnavailableError
   */
  async grantsOf(name: string, until: number): Promise<readonly MetaGrant[]> {
    const roles = await this.#current(until);
    return roles.filter(({ users }) => users.has(name)).flatMap(({ grants }) => grants);
  }

  #current(until: number): MaybePromise<readonly MetaRole[]> {
    if (performance.now() < this.#expires) return this.#roles;
    this.#asking ??= this.#ask(until).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(until: number): Promise<readonly MetaRole[]> {
    const { client, logger, keep } = this.#options;
    const roles = await client.ask({ path: ROLES_PATH, about: ROLES_PATH, read: readRoles, until });
    if (roles === undefined) {
      warnOnce(
        'WRN_KAUTH_META_NO_ROLES',
        'the meta node has no roles or does not let us read them: users have only the permissions granted to themselves. ' +
          'Roles count when the account in auth.meta-username may read /role',
        logger,
      );
    }
    this.#roles = roles ?? [];
    this.#expires = performance.now() + keep;
    return this.#roles;
  }
}
