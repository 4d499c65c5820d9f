import type * as Undici from 'undici';
import { MetaFailure } from './meta-failure.js';
import { authorizationHeader } from './own-credentials.js';
import type { OwnCredentials } from './own-credentials.js';
import { RedirectTrail } from './redirect-trail.js';
import { tlsConnector } from './tls-connector.js';
import type { TlsPaths } from './tls-files.js';

/** `undici` is loaded with the first store that is opened; `import()` would not work in Jest. */
declare function require(id: 'undici'): typeof Undici;

/** The largest response that is read, in bytes. */
const MAX_RESPONSE = 1024 * 1024;

/** How many connections a node gets at most; further requests wait for one of them. */
const MAX_CONNECTIONS = 32;

/** How long connecting may take, TLS included, in milliseconds: a node that is back is not waited for any longer. */
const CONNECT_TIMEOUT = 1500;

const REDIRECTS: ReadonlySet<number> = new Set([307, 308]);

/** What a meta node answered. */
export interface MetaReply {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly body: string;
}

/** How meta nodes are reached. */
export interface MetaTransportOptions {
  readonly nodes: readonly URL[];
  readonly credentials: OwnCredentials;
  readonly tls: { readonly paths: TlsPaths; readonly insecureSkipVerify: boolean } | undefined;
}

/** Sends requests to meta nodes over connections that are kept open. */
export class MetaTransport {
  readonly #agent: Undici.Agent;
  readonly #configured: ReadonlySet<string>;
  readonly #credentials: OwnCredentials;

  constructor({ nodes, credentials, tls }: MetaTransportOptions) {
    const { Agent, buildConnector } = require('undici');
    const timeout = CONNECT_TIMEOUT;
    this.#agent = new Agent({
      connections: MAX_CONNECTIONS,
      maxResponseSize: MAX_RESPONSE,
      connect:
        tls === undefined
          ? { timeout }
          : tlsConnector({ ...tls, build: (options) => buildConnector({ ...options, timeout }) }),
    });
    this.#configured = new Set(nodes.map(({ host }) => host));
    this.#credentials = credentials;
  }

  /** Whether requests can't be sent any more. */
  get isClosed(): boolean {
    return this.#agent.destroyed;
  }

  /**
   * Sends one request and follows its redirects.
   *
   * @param budget - how long all of it may take, in milliseconds
   * @throws MetaFailure
   */
  async get(url: URL, budget: number): Promise<MetaReply> {
    const signal = AbortSignal.timeout(budget);
    const trail = new RedirectTrail(url, this.#configured);
    try {
      for (;;) {
        const { statusCode, headers, body } = await this.#request(trail.url, signal);
        if (statusCode === 200) return { status: statusCode, body: decode(await body.bytes()) };
        await body.dump();
        if (statusCode >= 500 || statusCode === 429) {
          throw new MetaFailure('node', `it answers with status ${String(statusCode)}`);
        }
        if (!REDIRECTS.has(statusCode)) return { status: statusCode, body: '' };
        trail.follow(headers['location']);
      }
    } catch (error) {
      if (!signal.aborted) throw MetaFailure.from(error);
      throw new MetaFailure('node', `no answer within ${String(budget)} ms`);
    }
  }

  /** Closes all connections, also those in use. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #request(
    { origin, pathname, search }: URL,
    signal: AbortSignal,
  ): Promise<Undici.Dispatcher.ResponseData> {
    const authorization = authorizationHeader(this.#credentials);
    return this.#agent.request({
      origin,
      path: `${pathname}${search}`,
      method: 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': 'InfluxDB Cluster Client',
        ...(authorization !== undefined && { authorization }),
      },
      signal,
    });
  }
}

/** @throws TypeError for bytes that are not UTF-8: with replacement characters, one name could pass for another */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
