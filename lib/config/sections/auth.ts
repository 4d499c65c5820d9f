import type { Permission } from '../../privileges/permission.js';
import { metaAddresses } from '../meta-addresses.js';
import type { SectionRows } from '../option.js';
import {
  boolean,
  choice,
  duration,
  integerOrDefault,
  optionalPath,
  permissions,
  secondsOrMore,
  secret,
  text,
} from '../value-types.js';

/** `[auth]`: users, passwords and the meta nodes. */
export interface AuthConfig {
  /** Users are looked up. */
  readonly enabled: boolean;
  /** `report` if middleware or gateway only report what they would refuse, and let it pass. */
  readonly enforce: 'on' | 'report';
  /** Milliseconds. */
  readonly cacheExpiration: number;
  /** Cost of new hashes, 4 to 30. */
  readonly bcryptCost: number;
  /** `bcryptCost` may be above 16. */
  readonly allowSlowBcrypt: boolean;
  /** `host:port` of each meta node; empty for local users. */
  readonly metaAddr: readonly string[];
  /** Our name on the meta nodes. */
  readonly metaUsername: string;
  /** Our password on the meta nodes. */
  readonly metaPassword: string;
  /** Signs our tokens for the meta nodes. */
  readonly metaInternalSharedSecret: string;
  /** The meta nodes are asked over TLS. */
  readonly metaUseTls: boolean;
  /** Path of the meta nodes' certificate authority (PEM). */
  readonly metaCa: string;
  /** Path of our certificate (PEM). */
  readonly metaCert: string;
  /** Path of the key of our certificate (PEM). */
  readonly metaKey: string;
  /** Any certificate of a meta node is accepted. */
  readonly metaInsecureSkipVerify: boolean;
  /** Permissions of a user whom a meta node lists without any. */
  readonly metaDefaultPermissions: readonly Permission[];
  /** Milliseconds that a meta node may take to verify the password of a directory's user. */
  readonly metaVerifyTimeout: number;
  /** Milliseconds past expiry for which a remembered user is served while the store is down. */
  readonly staleIfError: number;
}

/** `[auth]` of kapacitor.conf. Durations are Go's: `'10m'`, `'1h30m'`, `'500ms'`. */
export interface AuthOptions {
  /** Look users up; the other options of the section count only then. Default true. */
  readonly enabled?: boolean | undefined;
  /**
   * `'report'` lets requests pass that would be refused, and only reports them: for an app, or a
   * gateway's upstream, that is protected in another way until its users and permissions are right.
   * Default `'on'`.
   */
  readonly enforce?: 'on' | 'report' | undefined;
  /**
   * Time for which users and verified passwords are remembered; `'0s'` remembers nothing. Default
   * `'10m'`.
   */
  readonly cacheExpiration?: string | undefined;
  /**
   * Cost of password hashes, 4 to 30, above 16 only with `allowSlowBcrypt`; each step doubles the
   * work. Default 10, for which 0 stands too.
   */
  readonly bcryptCost?: number | undefined;
  /** Accept a `bcryptCost` above 16, at which each login takes seconds to hours. Default false. */
  readonly allowSlowBcrypt?: boolean | undefined;
  /**
   * `host:port` of InfluxDB Enterprise's meta nodes, separated by commas. Default `''`: users are
   * local.
   */
  readonly metaAddr?: string | undefined;
  /** Our name on the meta nodes. */
  readonly metaUsername?: string | undefined;
  /** Our password on the meta nodes. */
  readonly metaPassword?: string | undefined;
  /** Signs our tokens for the meta nodes, instead of name and password. */
  readonly metaInternalSharedSecret?: string | undefined;
  /** Ask the meta nodes over TLS. Default false. */
  readonly metaUseTls?: boolean | undefined;
  /** Path of the meta nodes' certificate authority (PEM). */
  readonly metaCa?: string | undefined;
  /** Path of our certificate for the meta nodes (PEM). */
  readonly metaCert?: string | undefined;
  /** Path of the key of our certificate (PEM). */
  readonly metaKey?: string | undefined;
  /** Accept any certificate of a meta node. Default false. */
  readonly metaInsecureSkipVerify?: boolean | undefined;
  /**
   * Permissions of a user whom a meta node lists without any, separated by commas:
   * `'api, write_points'`. Default `''`: none.
   */
  readonly metaDefaultPermissions?: string | undefined;
  /**
   * Time that a meta node may take to verify the password of a directory's user. Default `'10s'`.
   */
  readonly metaVerifyTimeout?: string | undefined;
  /**
   * Time past expiry for which a remembered user is served while the store can't be asked. If the
   * store tells of changes, it counts from the last proof that none was missed. Default `'0s'`.
   */
  readonly staleIfError?: string | undefined;
}

const BCRYPT_COST = 10;

/** The rows of `[auth]`. */
export const authRows: SectionRows<AuthConfig> = {
  enabled: {
    type: boolean,
    default: true,
    purpose: 'whether users are looked up; the other values of the section count only then',
  },
  enforce: {
    type: choice('on', 'report'),
    default: 'on',
    purpose:
      'whether an app or a gateway refuses, or only [reports](protect-an-app.md#report-only) what it would refuse',
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
    purpose: 'InfluxDB Enterprise meta nodes that keep the users; local users while it is empty',
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
    purpose:
      "how long past expiry, or past the last proof of PostgreSQL, a remembered user is served while the users can't be asked for",
  },
};
