import { StoreUnavailableError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import { localPrivileges } from '../../privileges/local-permissions.js';
import type { MetaGrantSum } from '../../privileges/meta-permissions.js';
import { metaPermissions, metaPrivileges, uniteSums } from '../../privileges/meta-permissions.js';
import { checkTlsFiles } from '../rules/tls-files.js';
import type { FindOptions, StoredUser, UserSource } from '../user-store.js';
import type { MetaUser } from './meta-answers.js';
import { readAuthorized, readUser } from './meta-answers.js';
import { MetaClient } from './meta-client.js';
import type { MetaSettings, MetaUserStoreOptions } from './meta-options.js';
import { metaSettings } from './meta-options.js';
import { authorizedPath, isAskable, userPath } from './meta-paths.js';
import type { MetaReply } from './meta-transport.js';
import { warnOfExposure } from './meta-warnings.js';
import { RoleDirectory } from './role-directory.js';
import { TLS_OPTIONS } from './tls-connector.js';

/** Milliseconds for which a list of roles is used. */
const ONCE_A_SECOND = 1000;

/** Limit of databases on which a user may have permissions: to prepare them takes others' time. */
const MAX_DATABASES = 100_000;

/** The parts that exist while the store is open. */
interface OpenMetaNodes {
  readonly client: MetaClient;
  readonly roles: RoleDirectory;
}

/**
 * Users of InfluxDB Enterprise, looked up at its meta nodes (Kapacitor's `auth.meta-addr`). A user
 * has the permissions granted to the user and to the user's roles; no user is an admin. Users are
 * managed at the meta nodes, not here.
 */
export class MetaUserStore implements UserSource {
  readonly source: 'meta' = 'meta' as const;
  readonly mayBeStale: boolean = true;
  readonly #settings: MetaSettings;
  #nodes: OpenMetaNodes | undefined;

  /**
   * Makes the store; it connects to nothing yet.
   *
   * @throws MisuseError for options that can't work
   */
  constructor(options: MetaUserStoreOptions) {
    this.#settings = metaSettings(options);
  }

  /**
   * Reads the files of `ca`, `cert` and `key`. The nodes are first asked when somebody logs in.
   *
   * @throws StoreUnavailableError that names a file that can't be used
   */
  async open(): Promise<void> {
    const { transport, cacheExpiration, deadline, logger } = this.#settings;
    if (transport.tls !== undefined) await checkTlsFiles(transport.tls.paths, TLS_OPTIONS);
    if (this.#nodes !== undefined) return;
    warnOfExposure(transport, logger);
    const client = new MetaClient(transport, logger);
    // A user made from the list is kept for cache-expiration: from an older list, a revoked role
    // would outlive that.
    const keep = Math.min(ONCE_A_SECOND, cacheExpiration);
    this.#nodes = { client, roles: new RoleDirectory({ client, logger, keep, deadline }) };
  }

  /**
   * Asks a node at each call, as an earlier answer may be out of date. Callers that ask often
   * should remember the answer.
   */
  find(name: string, { until = Infinity }: FindOptions = {}): MaybePromise<StoredUser | undefined> {
    const nodes = this.#openNodes();
    return isAskable(name) ? this.#ask(nodes, name, Math.min(until, this.#deadline())) : undefined;
  }

  /** Asks a node if the password of a directory's user is right. */
  async verify(name: string, password: string): Promise<boolean> {
    const nodes = this.#openNodes();
    if (!isAskable(name) || !isAskable(password)) return false;
    return nodes.client.ask({
      path: authorizedPath(name, password),
      about: name,
      read: readAuthorized,
      until: performance.now() + this.#settings.verifyTimeout,
      verifies: true,
    });
  }

  /** @throws StoreUnavailableError while no node answers that has a leader */
  async check(): Promise<void> {
    await this.#openNodes().client.check(this.#deadline());
  }

  async close(): Promise<void> {
    const nodes = this.#nodes;
    this.#nodes = undefined;
    await nodes?.client.close();
  }

  #openNodes(): OpenMetaNodes {
    if (this.#nodes === undefined)
      throw new StoreUnavailableError('the meta user store is not open');
    return this.#nodes;
  }

  #deadline(): number {
    return performance.now() + this.#settings.deadline;
  }

  async #ask(
    { client, roles }: OpenMetaNodes,
    name: string,
    until: number,
  ): Promise<StoredUser | undefined> {
    const began = performance.now();
    const read = (reply: MetaReply): MetaUser | undefined => readUser(reply, name);
    const user = await client.ask({ path: userPath(name), about: name, read, until });
    if (user === undefined) return undefined;
    const { sums, askedAt } = await roles.grantsOf(name, until);
    const granted = uniteSums([user.granted, ...sums]);
    if (granted.data.size > MAX_DATABASES) {
      throw new StoreUnavailableError(
        `user ${JSON.stringify(name)} has permissions on more than ${String(MAX_DATABASES)} databases`,
        { answered: true },
      );
    }
    const asOf = Math.min(began, askedAt);
    return Object.freeze({
      name,
      type: 'normal',
      hash: user.hash,
      asOf,
      ...this.#granted(granted),
    });
  }

  #granted(granted: MetaGrantSum): Pick<StoredUser, 'permissions' | 'privileges'> {
    if (granted.count === 0) {
      const { defaultPermissions: permissions } = this.#settings;
      return { permissions, privileges: localPrivileges(permissions) };
    }
    return { permissions: metaPermissions(granted), privileges: metaPrivileges(granted) };
  }
}
