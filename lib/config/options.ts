import type { ConfigSections } from './config.js';
import { origins } from './origins.js';
import { upstreamUrl } from './upstream-url.js';
import {
  boolean,
  choice,
  duration,
  integerOrDefault,
  metaAddresses,
  optionalFile,
  optionalPath,
  permissions,
  path,
  secondsOrMore,
  secret,
  text,
  trustedProxies,
  wholeNumber,
} from './value-type.js';
import type { ValueType } from './value-type.js';

/** What an option is; its names follow from its place in {@link options}. */
export interface Option<T> {
  readonly type: ValueType<T>;
  readonly default: T;
  /** Whether its value must never be shown. */
  readonly secret?: true;
  /** For the documentation. */
  readonly purpose: string;
}

/** One option for each value of a section. */
export type SectionOptions<C> = { readonly [K in keyof C]-?: Option<C[K]> };

const BCRYPT_COST = 10;

/** What a count of four bytes can tell, such as in PostgreSQL. */
const MAX_FAILURES = 2_147_483_647;

/**
 * All options of kapacitor.conf that are read, by section and by their names in code. Everything else follows from this
 * table: keys, environment variables, what is known, what is accepted, the documentation.
 */
export const options: { readonly [S in keyof ConfigSections]: SectionOptions<ConfigSections[S]> } =
  {
    http: {
      authEnabled: {
        type: boolean,
        default: true,
        purpose: 'whether requests must authenticate; otherwise all pass as administrator',
      },
      sharedSecret: {
        type: secret,
        default: '',
        secret: true,
        purpose: 'verifies bearer tokens (JWT), which are refused while it is empty',
      },
    },
    auth: {
      enabled: {
        type: boolean,
        default: true,
        purpose: 'whether users are looked up; the other values of the section count only then',
      },
      cacheExpiration: {
        type: duration,
        default: 600_000,
        purpose: 'how long users and verified passwords are remembered; `"0s"` remembers nothing',
      },
      bcryptCost: {
        type: integerOrDefault(4, 30, BCRYPT_COST),
        default: BCRYPT_COST,
        purpose: 'cost of password hashes; each step doubles the work',
      },
      allowSlowBcrypt: {
        type: boolean,
        default: false,
        purpose: 'accept a bcrypt-cost above 16, at which each login takes seconds to hours',
      },
      metaAddr: {
        type: metaAddresses,
        default: Object.freeze([]),
        purpose:
          'InfluxDB Enterprise meta nodes that keep the users; local users while it is empty',
      },
      metaUsername: { type: text, default: '', purpose: 'our name on the meta nodes' },
      metaPassword: {
        type: secret,
        default: '',
        secret: true,
        purpose: 'our password on the meta nodes',
      },
      metaInternalSharedSecret: {
        type: secret,
        default: '',
        secret: true,
        purpose: 'signs our tokens for the meta nodes, instead of name and password',
      },
      metaUseTls: {
        type: boolean,
        default: false,
        purpose: 'whether meta nodes are asked over TLS',
      },
      metaCa: {
        type: optionalPath,
        default: '',
        purpose: 'certificate authority of the meta nodes (PEM)',
      },
      metaCert: { type: optionalPath, default: '', purpose: 'our certificate (PEM)' },
      metaKey: { type: optionalPath, default: '', purpose: 'the key of our certificate (PEM)' },
      metaInsecureSkipVerify: {
        type: boolean,
        default: false,
        purpose: 'accept any certificate of a meta node',
      },
      metaDefaultPermissions: {
        type: permissions,
        default: Object.freeze([]),
        purpose: 'what users may do whom a meta node lists without any permission',
      },
      metaVerifyTimeout: {
        type: secondsOrMore,
        default: 10_000,
        purpose: "how long a meta node may take to verify a directory user's password",
      },
      staleIfError: {
        type: duration,
        default: 0,
        purpose: 'how long past expiry a remembered user is served while all meta nodes are down',
      },
    },
    throttle: {
      enabled: {
        type: boolean,
        default: true,
        purpose: 'whether failed logins are counted, and too many answered with 429',
      },
      failuresPerUser: {
        type: wholeNumber(0, MAX_FAILURES, 'a number of logins'),
        default: 10,
        purpose: 'how many logins of one user from one address may fail in a window; 0 for any',
      },
      failuresPerAddress: {
        type: wholeNumber(0, MAX_FAILURES, 'a number of logins'),
        default: 100,
        purpose: 'how many logins from one address may fail in a window; 0 for any',
      },
      window: {
        type: secondsOrMore,
        default: 60_000,
        purpose: 'how long failures count, from the first one',
      },
    },
    store: {
      type: {
        type: choice('sqlite', 'file'),
        default: 'sqlite',
        purpose:
          'how local users are kept; `"file"` where only a path is given and it ends in `.json`',
      },
      path: {
        type: path,
        default: 'kapacitor-auth.db',
        purpose: 'where local users are kept; by default `"kapacitor-auth.json"` for a `"file"`',
      },
    },
    gateway: {
      upstream: {
        type: upstreamUrl,
        default: '',
        purpose: 'what `kapacitor-auth serve` forwards requests to; nothing while it is empty',
      },
      upstreamUsername: { type: text, default: '', purpose: 'our name at the upstream' },
      upstreamPassword: {
        type: secret,
        default: '',
        secret: true,
        purpose: 'our password at the upstream',
      },
      upstreamSharedSecret: {
        type: secret,
        default: '',
        secret: true,
        purpose: 'signs our tokens for the upstream, instead of the password',
      },
      upstreamCa: {
        type: optionalPath,
        default: '',
        purpose:
          'certificate authority of an https upstream (PEM); those that Node.js trusts while it is empty',
      },
      upstreamCert: {
        type: optionalPath,
        default: '',
        purpose: 'our certificate for an https upstream (PEM)',
      },
      upstreamKey: {
        type: optionalPath,
        default: '',
        purpose: 'the key of that certificate (PEM)',
      },
      timeout: {
        type: duration,
        default: 60_000,
        purpose: 'how long the upstream may take to begin its answer; `"0s"` for ever',
      },
      writeTimeout: {
        type: duration,
        default: 300_000,
        purpose:
          'how long the upstream may take to digest points that are written; `"0s"` for ever',
      },
      requestTimeout: {
        type: duration,
        default: 60_000,
        purpose: 'how long a client may send nothing within a request; `"0s"` for ever',
      },
      keepAliveTimeout: {
        type: secondsOrMore,
        default: 75_000,
        purpose:
          'how long a connection is kept for a next request; longer than a load balancer keeps it',
      },
      maxBodySize: {
        type: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a number of bytes'),
        default: 1_073_741_824,
        purpose: 'how many bytes a request may have; 0 for any number',
      },
      tlsCert: {
        type: optionalPath,
        default: '',
        purpose: 'the certificate of `kapacitor-auth serve` (PEM); without TLS while it is empty',
      },
      tlsKey: { type: optionalPath, default: '', purpose: 'the key of that certificate (PEM)' },
      trustedProxies: {
        type: trustedProxies,
        default: Object.freeze([]),
        purpose:
          'proxies before `kapacitor-auth serve` whose X-Forwarded-For tells the address of a client',
      },
    },
    metrics: {
      endpoint: {
        type: choice('off', 'admin', 'open'),
        default: 'off',
        purpose: 'who may read `GET /metrics` of `kapacitor-auth serve`',
      },
    },
    audit: {
      path: {
        type: optionalFile,
        default: '',
        purpose:
          'where `kapacitor-auth serve` keeps its audit log; standard output while it is empty',
      },
    },
    cors: {
      origins: {
        type: origins,
        default: Object.freeze([]),
        purpose:
          'pages of which origins may use `kapacitor-auth serve`; none but its own while it is empty',
      },
    },
  };

/** A section that is read. */
export type Section = keyof typeof options;
