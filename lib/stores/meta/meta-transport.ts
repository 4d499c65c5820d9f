import type * as Undici from 'undici';
import { lazy } from '../../lazy.js';
import type { TlsPaths } from '../rules/tls-files.js';
import { ConnectionGate } from './connection-gate.js';
import { MetaFailure } from './meta-failure.js';
import type { OwnCredentials } from './own-credentials.js';
import { authorizationHeader } from './own-credentials.js';
import { RedirectTrail } from './redirect-trail.js';
import { tlsConnector } from './tls-connector.js';

/** The largest response that is read, in bytes. */
const MAX_RESPONSE = 1024 * 1024;

/**
 * The most connections to a node. For look-ups there are more than are asked for at a time, so that
 * none waits here for another. Verifications of passwords, which may take a directory long, have
 * their own.
 */
const MAX_CONNECTIONS = { lookUps: 40, verifications: 16 };

/**
 * Time for making a connection, TLS included, in milliseconds. Nobody waits longer for a node that
 * is back.
 */
const CONNECT_TIMEOUT = 1500;

const REDIRECTS: ReadonlySet<number> = new Set([307, 308]);

/** A meta node's answer. */
export interface MetaReply {
  readonly status: number;
  /** Empty unless the status is 200 or 404. */
  readonly body: string;
}

/** Options of a request. */
export interface MetaSending {
  /** Time for all of it, in milliseconds. */
  readonly budget: number;
  /** The pool of connections to use. */
  readonly over: keyof typeof MAX_CONNECTIONS;
  /**
   * Asks for the `host:port` of all members of the node's cluster, to which it may redirect. If
   * left out, it may redirect only to configured nodes.
   */
  readonly members?: () => Promise<readonly string[]>;
  /** The largest response that is read, in bytes; a mebibyte if left out. */
  readonly most?: number;
}

/** Options of a transport to the meta nodes. */
export interface MetaTransportOptions {
  readonly nodes: readonly URL[];
  readonly credentials: OwnCredentials;
  readonly tls: { readonly paths: TlsPaths; readonly insecureSkipVerify: boolean } | undefined;
}

/** Sends requests to meta nodes over connections that stay open. */
export class MetaTransport {
  readonly #agents: Readonly<Record<MetaSending['over'], Undici.Agent>>;
  readonly #gate: ConnectionGate;
  readonly #configured: ReadonlySet<string>;
  readonly #credentials: OwnCredentials;

  constructor({ nodes, credentials, tls }: MetaTransportOptions) {
    const { Agent, buildConnector } = lazy.undici();
    const build = (options: Undici.buildConnector.BuildOptions): Undici.buildConnector.connector =>
      buildConnector({ ...options, timeout: CONNECT_TIMEOUT });
    const gate = new ConnectionGate(
      tls === undefined ? build({}) : tlsConnector({ ...tls, build }),
    );
    this.#gate = gate;
    const connect: Undici.buildConnector.connector = (options, callback) => {
      gate.connect(options, callback);
    };
    const agent = (connections: number): Undici.Agent => new Agent({ connections, connect });
    this.#agents = {
      lookUps: agent(MAX_CONNECTIONS.lookUps),
      verifications: agent(MAX_CONNECTIONS.verifications),
    };
    this.#configured = new Set(nodes.map(({ host }) => host));
    this.#credentials = credentials;
  }

  /** True once it is closed. */
  get isClosed(): boolean {
    return this.#agents.lookUps.destroyed;
  }

  /**
   * Sends one request and follows its redirects.
   *
   * @throws MetaFailure if there is no answer in time, or none that can be used
   */
  async get(url: URL, sending: MetaSending): Promise<MetaReply> {
    const { budget } = sending;
    const signal = AbortSignal.timeout(budget);
    // undici aborts a request that waits for a new connection only once that is made, or has
    // failed.
    const timeUp = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', reject, { once: true });
    });
    try {
      return await Promise.race([this.#exchange(url, sending, signal), timeUp]);
    } catch (error) {
      if (!signal.aborted) throw MetaFailure.from(error);
      throw new MetaFailure('slow', `no answer within ${String(budget)} ms`);
    }
  }

  /** Closes all connections, also those in use. */
  async close(): Promise<void> {
    this.#gate.close();
    await Promise.all(Object.values(this.#agents).map((agent) => agent.destroy()));
  }

  async #exchange(
    url: URL,
    { over, members, most = MAX_RESPONSE }: MetaSending,
    signal: AbortSignal,
  ): Promise<MetaReply> {
    const trail = new RedirectTrail(url, this.#configured);
    for (;;) {
      const { statusCode, headers, body } = await this.#request(trail.url, over, signal);
      if (statusCode === 200 || statusCode === 404) {
        return { status: statusCode, body: decode(await read(body, most)) };
      }
      await body.dump();
      if (statusCode >= 500 || statusCode === 429) {
        throw new MetaFailure('node', `it answers with status ${String(statusCode)}`);
      }
      if (!REDIRECTS.has(statusCode)) return { status: statusCode, body: '' };
      await trail.follow(headers['location'], members);
    }
  }

  #request(
    { origin, pathname, search }: URL,
    over: MetaSending['over'],
    signal: AbortSignal,
  ): Promise<Undici.Dispatcher.ResponseData> {
    const authorization = authorizationHeader(this.#credentials);
    return this.#agents[over].request({
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

async function read(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most)
      throw new MetaFailure('too large', `it answers with more than ${String(most)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * @throws TypeError for bytes that are not UTF-8: with replacement characters, one name could pass
 *   for another
 */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
