import type { Config } from './config/config.js';
import type { AuthConfig } from './config/sections/auth.js';
import type { StoreConfig } from './config/sections/store.js';
import { MisuseError } from './errors.js';
import type { Logger } from './logger.js';
import type { ThrottleStore } from './stores/failure-counter.js';
import { FileUserStore } from './stores/file-store.js';
import { MetaUserStore } from './stores/meta/meta-user-store.js';
import { PostgresUserStore } from './stores/postgres-store.js';
import { SqliteUserStore } from './stores/sqlite-store.js';
import type { UserSource, UserStore } from './stores/user-store.js';

const LOCAL_STORES: Readonly<
  Record<
    StoreConfig['type'],
    (store: StoreConfig, options: { readonly logger: Logger }) => UserStore
  >
> = {
  sqlite: ({ path }, options) => new SqliteUserStore(path, options),
  file: ({ path }, options) => new FileUserStore(path, options),
  postgres: ({ url, schema, listenUrl, useTls, ca, cert, key, insecureSkipVerify }, options) =>
    new PostgresUserStore({
      url,
      schema,
      listenUrl: listenUrl === '' ? undefined : listenUrl,
      tls: {
        // The URL may ask for TLS, too.
        useTls: useTls || undefined,
        ca: ca === '' ? undefined : ca,
        cert: cert === '' ? undefined : cert,
        key: key === '' ? undefined : key,
        insecureSkipVerify,
      },
      ...options,
    }),
};

/** A source of users, not opened yet. */
export interface NamedSource {
  readonly source: UserSource;
  /**
   * Makes the counters of failed logins that processes share: those of code, else those of the
   * store, whatever is around it. Undefined if each process counts for itself.
   */
  readonly counters: ThrottleStore | undefined;
}

/**
 * The store that the configuration names, in what code puts around it. It is not opened yet.
 *
 * @throws MisuseError if what code puts around it is no source
 */
export function openStore(config: Config): NamedSource {
  const named = namedStore(config);
  const source = config.wrapStore?.(named) ?? named;
  if (typeof source.find === 'function') {
    const ofStore = config.throttle.store === 'store' ? named.failures?.bind(named) : undefined;
    return { source, counters: config.throttleStore ?? ofStore };
  }
  throw new MisuseError('wrapStore must return an object with a function find(name)');
}

/** The source given in code, else meta nodes, else a local store. */
function namedStore({ userSource, auth, store, logger }: Config): UserSource {
  if (userSource !== undefined) return userSource;
  if (auth.metaAddr.length > 0) return openMetaStore(auth, logger);
  return LOCAL_STORES[store.type](store, { logger });
}

function openMetaStore(auth: AuthConfig, logger: Logger): UserSource {
  return new MetaUserStore({
    addresses: auth.metaAddr,
    username: auth.metaUsername,
    password: auth.metaPassword,
    internalSharedSecret: auth.metaInternalSharedSecret,
    useTls: auth.metaUseTls,
    ca: auth.metaCa,
    cert: auth.metaCert,
    key: auth.metaKey,
    insecureSkipVerify: auth.metaInsecureSkipVerify,
    defaultPermissions: auth.metaDefaultPermissions,
    verifyTimeout: auth.metaVerifyTimeout,
    cacheExpiration: auth.cacheExpiration,
    logger,
  });
}
