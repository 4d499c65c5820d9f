import type { Logger } from '../logger.js';
import type { Permission } from '../privileges/permission.js';
import type { ThrottleStore } from '../stores/failure-counter.js';
import type { UserSource } from '../stores/user-store.js';

/** `[http]`: whether requests must carry credentials, and the secret that signs tokens. */
export interface HttpConfig {
  /** Whether requests must authenticate. */
  readonly authEnabled: boolean;
  /** Empty where tokens are refused. */
  readonly sharedSecret: string;
}

/** `[auth]`: users, passwords and the meta nodes. */
export interface AuthConfig {
  /** Whether users are looked up. */
  readonly enabled: boolean;
  /** Milliseconds. */
  readonly cacheExpiration: number;
  /** Cost of new hashes, 4 to 30. */
  readonly bcryptCost: number;
  /** Whether `bcryptCost` may be above 16. */
  readonly allowSlowBcrypt: boolean;
  /** `host:port` of each meta node; empty for local users. */
  readonly metaAddr: readonly string[];
  /** Our name on the meta nodes. */
  readonly metaUsername: string;
  /** Our password on the meta nodes. */
  readonly metaPassword: string;
  /** Signs our tokens for the meta nodes. */
  readonly metaInternalSharedSecret: string;
  /** Whether the meta nodes are asked over TLS. */
  readonly metaUseTls: boolean;
  /** Path of the meta nodes' certificate authority (PEM). */
  readonly metaCa: string;
  /** Path of our certificate (PEM). */
  readonly metaCert: string;
  /** Path of the key of our certificate (PEM). */
  readonly metaKey: string;
  /** Whether any certificate of a meta node is accepted. */
  readonly metaInsecureSkipVerify: boolean;
  /** What users may do whom a meta node lists without any permission. */
  readonly metaDefaultPermissions: readonly Permission[];
  /** Milliseconds in which a meta node verifies the password of a directory's user. */
  readonly metaVerifyTimeout: number;
  /** Milliseconds past expiry for which a cached meta user is served while every node is down. */
  readonly staleIfError: number;
}

/** `[throttle]`: how many logins may fail. */
export interface ThrottleConfig {
  /** Whether failed logins are counted. */
  readonly enabled: boolean;
  /** Failures of one user from one address in a window; 0 for any number. */
  readonly failuresPerUser: number;
  /** Failures from one address in a window; 0 for any number. */
  readonly failuresPerAddress: number;
  /** Milliseconds from the first failure. */
  readonly window: number;
}

/** `[store]`: where local users are kept. */
export interface StoreConfig {
  /** The kind of store. */
  readonly type: 'sqlite' | 'file';
  /** Path of the database or file, as given; relative to the working directory. */
  readonly path: string;
}

/** `[gateway]`: the upstream that `kapacitor-auth serve` protects, and TLS for its clients. */
export interface GatewayConfig {
  /** Scheme, host and port of the upstream; empty where there is none. */
  readonly upstream: string;
  /** Our name at the upstream; empty where it asks for none. */
  readonly upstreamUsername: string;
  /** Our password at the upstream. */
  readonly upstreamPassword: string;
  /** Signs our tokens for the upstream, instead of the password. */
  readonly upstreamSharedSecret: string;
  /** Path of the certificate authority of an https upstream (PEM). */
  readonly upstreamCa: string;
  /** Path of our certificate for an https upstream (PEM). */
  readonly upstreamCert: string;
  /** Path of the key of our certificate (PEM). */
  readonly upstreamKey: string;
  /** Milliseconds for the upstream to begin its answer. */
  readonly timeout: number;
  /** Milliseconds of silence for the upstream to answer a write of points. */
  readonly writeTimeout: number;
  /** Milliseconds for which a client may send nothing within a request. */
  readonly requestTimeout: number;
  /** Milliseconds for which a connection is kept for a next request. */
  readonly keepAliveTimeout: number;
  /** Bytes that a request's body may have; 0 for any number. */
  readonly maxBodySize: number;
  /** Path of the server's certificate (PEM); empty to serve without TLS. */
  readonly tlsCert: string;
  /** Path of the key of the server's certificate (PEM). */
  readonly tlsKey: string;
  /** Addresses and networks of the proxies before the server that tell their clients' addresses. */
  readonly trustedProxies: readonly string[];
}

/** `[metrics]`: what `kapacitor-auth serve` shows of itself. */
export interface MetricsConfig {
  /** Who may read `GET /metrics`: nobody, administrators, or everybody. */
  readonly endpoint: 'off' | 'admin' | 'open';
}

/** `[audit]`: where `kapacitor-auth serve` writes who changed users and who was refused. */
export interface AuditConfig {
  /** Path of the file, as given; empty for standard output. */
  readonly path: string;
}

/** `[cors]`: which pages may use `kapacitor-auth serve`. */
export interface CorsConfig {
  /** Scheme, host and port of each origin whose pages may; empty for none but its own. */
  readonly origins: readonly string[];
}

/** The sections of kapacitor.conf that are read. */
export interface ConfigSections {
  /** `[http]`. */
  readonly http: HttpConfig;
  /** `[auth]`. */
  readonly auth: AuthConfig;
  /** `[throttle]`. */
  readonly throttle: ThrottleConfig;
  /** `[store]`. */
  readonly store: StoreConfig;
  /** `[gateway]`. */
  readonly gateway: GatewayConfig;
  /** `[metrics]`. */
  readonly metrics: MetricsConfig;
  /** `[audit]`. */
  readonly audit: AuditConfig;
  /** `[cors]`. */
  readonly cors: CorsConfig;
}

/** A value of the configuration file that does not count. */
export interface LeftAside {
  /** `section.key` as in kapacitor.conf. */
  readonly key: string;
  /** File and line. */
  readonly origin: string;
  /** Why it does not count, and what to do if it should. */
  readonly reason: string;
}

/** The whole configuration, judged and frozen; `JSON.stringify` and `util.inspect` show it without its secrets. */
export interface Config extends ConfigSections {
  /** The realm of the challenge. */
  readonly realm: string;
  /** Told what an operator should know. */
  readonly logger: Logger;
  /** The store given in code, which takes the place of `store`. */
  readonly userSource: UserSource | undefined;
  /** Where failed logins are counted instead of in memory, given in code. */
  readonly throttleStore: ThrottleStore | undefined;
  /** The configuration file that was read, if any. */
  readonly configFile: string | undefined;
  /** Values of that file that don't count, since the same file switches off what they are for. */
  readonly leftAside: readonly LeftAside[];
  /** Where each value came from, by `section.key`: `code`, a variable's name, `file:line`, or `default`. */
  readonly origins: Readonly<Record<string, string>>;
}
