import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KapacitorAuthError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { ThrottleStore } from '../stores/failure-counter.js';
import type { UserSource } from '../stores/user-store.js';

/** The same options by the names they have in kapacitor.conf: `'meta-use-tls'` for `metaUseTls`. */
export type FileSpelling<T> = { readonly [K in keyof T & string as KebabCase<K>]?: T[K] };

/** `metaUseTls` as `meta-use-tls`. */
export type KebabCase<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${KebabCase<Rest>}`
  : S;

/** `[http]` of kapacitor.conf. */
export interface HttpOptions {
  /** Whether requests must authenticate; when false all pass as administrator. Default true. */
  readonly authEnabled?: boolean | undefined;
  /** Verifies bearer tokens (JWT, HS256, HS384 or HS512); at least 32 bytes. Default `''`: tokens are refused. */
  readonly sharedSecret?: string | undefined;
}

/** `[auth]` of kapacitor.conf. Durations are Go's: `'10m'`, `'1h30m'`, `'500ms'`. */
export interface AuthOptions {
  /** Whether users are looked up; the other options of the section count only then. Default true. */
  readonly enabled?: boolean | undefined;
  /** How long users and verified passwords are remembered; `'0s'` remembers nothing. Default `'10m'`. */
  readonly cacheExpiration?: string | undefined;
  /** Cost of password hashes, 4 to 30, above 16 only with `allowSlowBcrypt`; each step doubles the work. Default 10, for which 0 stands too. */
  readonly bcryptCost?: number | undefined;
  /** Accept a `bcryptCost` above 16, at which each login takes seconds to hours. Default false. */
  readonly allowSlowBcrypt?: boolean | undefined;
  /** `host:port` of InfluxDB Enterprise's meta nodes, separated by commas. Default `''`: users are local. */
  readonly metaAddr?: string | undefined;
  /** Our name on the meta nodes. */
  readonly metaUsername?: string | undefined;
  /** Our password on the meta nodes. */
  readonly metaPassword?: string | undefined;
  /** Signs our tokens for the meta nodes, instead of name and password. */
  readonly metaInternalSharedSecret?: string | undefined;
  /** Whether the meta nodes are asked over TLS. Default false. */
  readonly metaUseTls?: boolean | undefined;
  /** Path of the meta nodes' certificate authority (PEM). */
  readonly metaCa?: string | undefined;
  /** Path of our certificate for the meta nodes (PEM). */
  readonly metaCert?: string | undefined;
  /** Path of the key of our certificate (PEM). */
  readonly metaKey?: string | undefined;
  /** Accept any certificate of a meta node. Default false. */
  readonly metaInsecureSkipVerify?: boolean | undefined;
  /** What users may do whom a meta node lists without any permission, separated by commas: `'api, write_points'`. Default `''`: nothing. */
  readonly metaDefaultPermissions?: string | undefined;
  /** How long a meta node may take to verify the password of a directory's user. Default `'10s'`. */
  readonly metaVerifyTimeout?: string | undefined;
  /** How long past expiry a remembered user is served while all meta nodes are down. Default `'0s'`. */
  readonly staleIfError?: string | undefined;
}

/** `[throttle]`: how many logins may fail before the next are answered with 429. */
export interface ThrottleOptions {
  /** Whether failed logins are counted. Default true. */
  readonly enabled?: boolean | undefined;
  /** How many of one user from one address in a window; 0 for any number. Default 10. */
  readonly failuresPerUser?: number | undefined;
  /** How many from one address in a window; 0 for any number. Default 100. */
  readonly failuresPerAddress?: number | undefined;
  /** How long failures count, from the first one; a second or more. Default `'1m'`. */
  readonly window?: string | undefined;
}

/** `[store]`: where local users are kept. */
export interface StoreOptions {
  /** Default `'sqlite'`, or `'file'` where only a path is given and it ends in `.json`. */
  readonly type?: 'sqlite' | 'file' | undefined;
  /** Relative to the working directory. Default `'kapacitor-auth.db'`, or `'kapacitor-auth.json'` for a file. */
  readonly path?: string | undefined;
}

/** `[gateway]`: the upstream that `kapacitor-auth serve` protects, and TLS for its clients. */
export interface GatewayOptions {
  /** Scheme, host and port of the upstream: `'http://127.0.0.1:9092'`. Default `''`: none. */
  readonly upstream?: string | undefined;
  /** Our name at the upstream. */
  readonly upstreamUsername?: string | undefined;
  /** Our password at the upstream. */
  readonly upstreamPassword?: string | undefined;
  /** Signs our tokens for the upstream, instead of the password. */
  readonly upstreamSharedSecret?: string | undefined;
  /** Path of the certificate authority of an https upstream (PEM). Default: those that Node.js trusts. */
  readonly upstreamCa?: string | undefined;
  /** Path of our certificate for an https upstream (PEM). */
  readonly upstreamCert?: string | undefined;
  /** Path of the key of our certificate (PEM). */
  readonly upstreamKey?: string | undefined;
  /** How long the upstream may take to begin its answer; `'0s'` for ever. Default `'1m'`. */
  readonly timeout?: string | undefined;
  /** How long the upstream may take to digest points that are written; `'0s'` for ever. Default `'5m'`. */
  readonly writeTimeout?: string | undefined;
  /** How long a client may send nothing within a request; `'0s'` for ever. Default `'1m'`. */
  readonly requestTimeout?: string | undefined;
  /** How long a connection is kept for a next request, a second or more. Default `'1m15s'`. */
  readonly keepAliveTimeout?: string | undefined;
  /** Bytes that a request's body may have; 0 for any number. Default 1 GiB. */
  readonly maxBodySize?: number | undefined;
  /** Path of the server's certificate (PEM). Default `''`: without TLS. */
  readonly tlsCert?: string | undefined;
  /** Path of the key of the server's certificate (PEM). */
  readonly tlsKey?: string | undefined;
  /** Proxies before the server that tell their clients' addresses: `'127.0.0.1, 10.0.0.0/8'`. Default `''`: none. */
  readonly trustedProxies?: string | undefined;
}

/** `[metrics]`: what `kapacitor-auth serve` shows of itself. */
export interface MetricsOptions {
  /** Who may read `GET /metrics`: nobody, administrators, or everybody. Default `'off'`. */
  readonly endpoint?: 'off' | 'admin' | 'open' | undefined;
}

/** `[audit]`: where `kapacitor-auth serve` writes who changed users and who was refused. */
export interface AuditOptions {
  /** Path of the file. Default `''`: standard output. */
  readonly path?: string | undefined;
}

/** `[cors]`: which pages may use `kapacitor-auth serve`. */
export interface CorsOptions {
  /** Origins, separated by commas: `'https://console.example, http://localhost:3000'`. Default `''`: none but its own. */
  readonly origins?: string | undefined;
}

/**
 * What can be said in code. Whatever is left out, or undefined, comes from the environment
 * (`KAPACITOR_AUTH_BCRYPT_COST`), else from kapacitor.conf, else is the default.
 */
export interface KapacitorAuthOptions {
  /**
   * Path of the configuration file: `.conf` and `.toml` are TOML, `.ini` is INI. Default: KAPACITOR_CONFIG_PATH, else
   * `~/.kapacitor/kapacitor.conf`, else `/etc/kapacitor/kapacitor.conf`. `false` reads no file, for apps that don't share
   * Kapacitor's configuration. A file that is only found may not switch authentication off.
   */
  readonly configFile?: string | false | undefined;
  /** `[http]`, by either spelling. */
  readonly http?: (HttpOptions & FileSpelling<HttpOptions>) | undefined;
  /** `[auth]`, by either spelling. */
  readonly auth?: (AuthOptions & FileSpelling<AuthOptions>) | undefined;
  /** `[throttle]`, by either spelling. */
  readonly throttle?: (ThrottleOptions & FileSpelling<ThrottleOptions>) | undefined;
  /** Counts failed logins for several processes: makes a limiter of rate-limiter-flexible. Default: this process' memory. */
  readonly throttleStore?: ThrottleStore | undefined;
  /** Where local users are kept, or a store of your own. */
  readonly store?: StoreOptions | UserSource | undefined;
  /** `[gateway]`, by either spelling; `kapacitor-auth serve` reads it, the middleware does not. */
  readonly gateway?: (GatewayOptions & FileSpelling<GatewayOptions>) | undefined;
  /** `[metrics]`; `kapacitor-auth serve` reads it, the middleware has `auth.metrics`. */
  readonly metrics?: (MetricsOptions & FileSpelling<MetricsOptions>) | undefined;
  /** `[audit]`; `kapacitor-auth serve` reads it, the middleware has `auth.on`. */
  readonly audit?: (AuditOptions & FileSpelling<AuditOptions>) | undefined;
  /** `[cors]`; `kapacitor-auth serve` reads it, an app has `cors()`. */
  readonly cors?: (CorsOptions & FileSpelling<CorsOptions>) | undefined;
  /** The realm of the challenge, in printable ASCII. Default `'kapacitor'`. */
  readonly realm?: string | undefined;
  /** Told what an operator should know. Default: silent; doubts about the configuration become warnings of the process. */
  readonly logger?: Logger | undefined;
  /** Whether a 401 asks for credentials, at which browsers open their dialogue. Default true. */
  readonly challenge?: boolean | ((request: IncomingMessage) => boolean) | undefined;
  /** Whether requests without any credentials pass, without a user; wrong ones still get a 401. Default false. */
  readonly optional?: boolean | undefined;
  /** Where on a request its user is put, for apps that have a `req.user` of their own. Default `'user'`. */
  readonly property?: 'user' | 'kapacitorUser' | undefined;
  /** Answers errors in the app's own way. Default: JSON, as Kapacitor does. */
  readonly onError?:
    | ((
        error: KapacitorAuthError,
        request: IncomingMessage,
        response: ServerResponse,
        next: (error?: unknown) => void,
      ) => void)
    | undefined;
}
