import { MisuseError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { silentLogger } from '../../logger.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions } from '../../privileges/permission.js';
import type { MetaTransportOptions } from './meta-transport.js';

/** Where the meta nodes are and how they are asked; each option but the last two is `auth.meta-…` of kapacitor.conf. */
export interface MetaUserStoreOptions {
  /** `host:port` of each node; at least one. A request goes to the next one when one fails. */
  readonly addresses: readonly string[];
  /** The account we ask with, sent as Basic credentials; nobody's when empty. */
  readonly username?: string | undefined;
  /** The password of `username`. */
  readonly password?: string | undefined;
  /** The secret that signs our bearer tokens; wins over `username`. */
  readonly internalSharedSecret?: string | undefined;
  /** Whether the nodes are asked over HTTPS; false when left out. */
  readonly useTls?: boolean | undefined;
  /**
   * PEM file of the authorities that may have signed the nodes' certificates: these alone, as in Kapacitor, so that a
   * private authority is not weakened by all public ones. Those that Node trusts when left out.
   */
  readonly ca?: string | undefined;
  /** PEM file of our certificate, for nodes that ask for one (mutual TLS). */
  readonly cert?: string | undefined;
  /** PEM file of the key of `cert`. */
  readonly key?: string | undefined;
  /** Accept any certificate, and so anybody who can get between us and a node; false when left out. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** What users may do whom a node lists without any permission: the free one stores none. Nothing when left out. */
  readonly defaultPermissions?: readonly Permission[] | undefined;
  /** `auth.cache-expiration` in milliseconds; 600000 when left out. Nothing is remembered for longer. */
  readonly cacheExpiration?: number | undefined;
  /** How long a look-up may take in all, in milliseconds; 3000 when left out. */
  readonly deadline?: number | undefined;
  /** How long the password of a directory's user may take to verify, in milliseconds; 10000 when left out. */
  readonly verifyTimeout?: number | undefined;
  /** Told when a node goes down or comes back, and when our credentials are refused; nobody when left out. */
  readonly logger?: Logger | undefined;
}

/** The options, judged and complete. */
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
