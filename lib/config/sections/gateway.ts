import type { SectionRows } from '../option.js';
import { trustedProxies } from '../trusted-proxies.js';
import { upstreamUrl } from '../upstream-url.js';
import {
  boolean,
  duration,
  optionalPath,
  secondsOrMore,
  secret,
  text,
  wholeNumber,
} from '../value-types.js';

/** `[gateway]`: the upstream that `kapacitor-auth serve` protects, and TLS for its clients. */
export interface GatewayConfig {
  /** Scheme, host and port of the upstream; empty if there is none. */
  readonly upstream: string;
  /** Our name at the upstream; empty if it asks for none. */
  readonly upstreamUsername: string;
  /** Our password at the upstream. */
  readonly upstreamPassword: string;
  /** Signs our tokens for the upstream, instead of the password. */
  readonly upstreamSharedSecret: string;
  /** True if the upstream authenticates and judges each client by itself. */
  readonly upstreamAuthenticates: boolean;
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
  /** True if ids of tasks and templates are judged in bodies that create or change them, too. */
  readonly readTasks: boolean;
  /** Path of the server's certificate (PEM); empty to serve without TLS. */
  readonly tlsCert: string;
  /** Path of the key of the server's certificate (PEM). */
  readonly tlsKey: string;
  /** Addresses and networks of the proxies before the server that tell their clients' addresses. */
  readonly trustedProxies: readonly string[];
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
  /**
   * True if the upstream authenticates and judges each client by itself, so that a gateway may
   * start that only reports (`auth.enforce`). Default `false`.
   */
  readonly upstreamAuthenticates?: boolean | undefined;
  /**
   * Path of the certificate authority of an https upstream (PEM). Default: those that Node.js
   * trusts.
   */
  readonly upstreamCa?: string | undefined;
  /** Path of our certificate for an https upstream (PEM). */
  readonly upstreamCert?: string | undefined;
  /** Path of the key of our certificate (PEM). */
  readonly upstreamKey?: string | undefined;
  /** Time that the upstream may take to begin its answer; `'0s'` for ever. Default `'1m'`. */
  readonly timeout?: string | undefined;
  /**
   * Time that the upstream may take to digest points that are written; `'0s'` for ever. Default
   * `'5m'`.
   */
  readonly writeTimeout?: string | undefined;
  /** Time for which a client may send nothing within a request; `'0s'` for ever. Default `'1m'`. */
  readonly requestTimeout?: string | undefined;
  /**
   * Time for which a connection is kept for a next request, a second or more. Default `'1m15s'`.
   */
  readonly keepAliveTimeout?: string | undefined;
  /** Bytes that a request's body may have; 0 for any number. Default 1 GiB. */
  readonly maxBodySize?: number | undefined;
  /** True if bodies that create or change a task or a template are judged too. Default `false`. */
  readonly readTasks?: boolean | undefined;
  /** Path of the server's certificate (PEM). Default `''`: without TLS. */
  readonly tlsCert?: string | undefined;
  /** Path of the key of the server's certificate (PEM). */
  readonly tlsKey?: string | undefined;
  /**
   * Proxies before the server that tell their clients' addresses: `'127.0.0.1, 10.0.0.0/8'`.
   * Default `''`: none.
   */
  readonly trustedProxies?: string | undefined;
}

/** The rows of `[gateway]`. */
export const gatewayRows: SectionRows<GatewayConfig> = {
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
  upstreamAuthenticates: {
    type: boolean,
    default: false,
    purpose:
      'that the upstream judges clients by itself; a gateway that [only reports](kapacitor-and-gateway.md#report-only) starts only then',
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
    purpose: 'how long the upstream may take to digest points that are written; `"0s"` for ever',
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
  readTasks: {
    type: boolean,
    default: false,
    purpose: 'judge the ids of tasks and templates in bodies too, see [grants](users.md#grants)',
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
};
