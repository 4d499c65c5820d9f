import { MisuseError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { silentLogger } from '../../logger.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions } from '../../privileges/permission.js';
import type { MetaTransportOptions } from './meta-transport.js';

/**
 * Options of a {@link MetaUserStore}. All but `cacheExpiration`, `deadline` and `logger` are
 * `auth.meta-…` options of kapacitor.conf.
 */
export interface MetaUserStoreOptions {
  /** `host:port` of each node; at least one. If one fails, a request goes to the next. */
  readonly addresses: readonly string[];
  /** The account that we ask with, sent as Basic credentials; none if empty. */
  readonly username?: string | undefined;
  /** The password of `username`. */
  readonly password?: string | undefined;
  /** The secret that signs our bearer tokens; if set, `username` is not used. */
  readonly internalSharedSecret?: string | undefined;
  /** True to ask the nodes over HTTPS; false if left out. */
  readonly useTls?: boolean | undefined;
  /**
   * PEM file of the authorities that may have signed the nodes' certificates. Only these are
   * trusted, as in Kapacitor, so that all public authorities don't weaken a private one. If left
   * out, those that Node trusts.
   */
  readonly ca?: string | undefined;
  /** PEM file of our certificate, for nodes that ask for one (mutual TLS). */
  readonly cert?: string | undefined;
  /** PEM file of the key of `cert`. */
  readonly key?: string | undefined;
  /**
   * True to accept any certificate, and so anybody who can get between us and a node; false if left
   * out.
   */
  readonly insecureSkipVerify?: boolean | undefined;
  /**
   * The permissions of users that a node lists without any permission: the free meta node stores
   * none. If left out, they have none.
   */
  readonly defaultPermissions?: readonly Permission[] | undefined;
  /**
   * `auth.cache-expiration` in milliseconds; 600000 if left out. The store remembers nothing for
   * longer.
   */
  readonly cacheExpiration?: number | undefined;
  /** Time for a whole look-up, in milliseconds; 3000 if left out. */
  readonly deadline?: number | undefined;
  /** Time for verifying the password of a directory's user, in milliseconds; 10000 if left out. */
  readonly verifyTimeout?: number | undefined;
  /**
   * Logs when a node goes down or comes back, and when our credentials are refused; silent if left
   * out.
   */
  readonly logger?: Logger | undefined;
}

/** The checked and complete options. */
export interface MetaSettings {
  readonly transport: MetaTransportOptions;
  readonly defaultPermissions: readonly Permission[];
  readonly cacheExpiration: number;
  readonly deadline: number;
  readonly verifyTimeout: number;
  readonly logger: Logger;
}

/** @throws MisuseError for options that can't work */
export function metaSettings(options: MetaUserStoreOptions): MetaSettings {
  const { addresses, cacheExpiration = 600_000, deadline = 3000, logger = silentLogger } = options;
  const { verifyTimeout = 10_000 } = options;
  const { username = '', password = '', internalSharedSecret = '', useTls = false } = options;
  if (addresses.length === 0) throw new MisuseError('a meta user store needs a node: addresses');
  return {
    transport: {
      nodes: addresses.map((address) => nodeUrl(address, useTls ? 'https' : 'http')),
      credentials: { username, password, internalSharedSecret },
      tls: useTls ? tlsOf(options) : undefined,
    },
    defaultPermissions: canonicalPermissions(options.defaultPermissions ?? []),
    cacheExpiration,
    deadline,
    verifyTimeout,
    logger,
  };
}

function tlsOf(options: MetaUserStoreOptions): MetaTransportOptions['tls'] {
  const { ca = '', cert = '', key = '', insecureSkipVerify = false } = options;
  if ((cert === '') !== (key === '')) {
    throw new MisuseError(
      'a certificate works only with its key: give both, cert and key, or neither',
    );
  }
  return { paths: { ca, cert, key }, insecureSkipVerify };
}

function nodeUrl(address: string, scheme: 'http' | 'https'): URL {
  const url = `${scheme}://${address}`;
  if (!/^[^\s/?#@\\]+:\d+$/.test(address) || !URL.canParse(url)) {
    throw new MisuseError(
      `the address of a meta node is host:port, not ${JSON.stringify(address)}`,
    );
  }
  return new URL(url);
}
