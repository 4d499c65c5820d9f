import type { IncomingMessage, ServerResponse } from 'node:http';
import { buildConnector, Pool } from 'undici';
import type { GatewayConfig, KapacitorAuthError, KapacitorUser } from '../../index.js';
import { Exchange } from './exchange.js';
import { limitedBody } from './limited-body.js';
import { requestHeaders } from './request-headers.js';
import { skippingContinue } from './skip-continue.js';
import { upstreamCredentials } from './upstream-credentials.js';

/** How long a connection to the upstream may take, in milliseconds. */
const CONNECT_TIMEOUT = 5_000;

/** A request that may pass. */
export interface JudgedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly user: KapacitorUser;
  readonly method: string;
  /** The path that was judged and the query without credentials. */
  readonly target: string;
  /** Answers when there is no answer of the upstream to pass on. */
  readonly fail: (error: KapacitorAuthError) => void;
}

/** The service behind the gateway. */
export class Upstream {
  readonly #pool: Pool;
  readonly #credentials: () => string | undefined;
  readonly #maxBodySize: number;

  constructor(config: GatewayConfig) {
    this.#pool = new Pool(config.upstream, {
      headersTimeout: config.timeout,
      // Some answers never end: logs are followed as long as somebody reads them.
      bodyTimeout: 0,
      connect: skippingContinue(buildConnector({ timeout: CONNECT_TIMEOUT })),
    });
    this.#credentials = upstreamCredentials(config);
    this.#maxBodySize = config.maxBodySize;
  }

  /**
   * Sends a request on, and its answer back.
   *
   * @throws InvalidRequestError when the request is larger than allowed
   */
  forward({ request, response, user, method, target, fail }: JudgedRequest): void {
    const body = limitedBody(request, this.#maxBodySize);
    const headers = requestHeaders(request, { user, authorization: this.#credentials() });
    this.#pool.dispatch(
      { path: target, method, headers, body },
      new Exchange({ request, response, body, fail }),
    );
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
