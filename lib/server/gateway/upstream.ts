import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pool } from 'undici';
import type { Config, GatewayConfig, KapacitorAuthError, KapacitorUser } from '../../index.js';
import { answerTimeout, isWrite } from './answer-timeout.js';
import { Exchange } from './exchange.js';
import { limitedBody, wholeBody } from './limited-body.js';
import { requestHeaders } from './request-headers.js';
import { skippingContinue } from './skip-continue.js';
import { upstreamConnector } from './upstream-connector.js';
import { upstreamCredentials } from './upstream-credentials.js';

/** A request that passes, judged or not. */
export interface PassedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined if the upstream judges the client by itself, whatever was judged here. */
  readonly user?: KapacitorUser | undefined;
  readonly method: string;
  /** The path that was judged. */
  readonly path: string;
  /** The path that was judged and the query without credentials; as sent if there is no user. */
  readonly target: string;
  /** The body to send in place of the client's, which was read. */
  readonly bytes?: Buffer;
  /** Answers the client if the upstream gives no answer to pass on. */
  readonly fail: (error: KapacitorAuthError) => void;
}

/** The service behind the gateway. */
export class Upstream {
  readonly #pool: Pool;
  readonly #credentials: () => string | undefined;
  readonly #config: GatewayConfig;

  /** @throws ConfigError if files of `upstream-ca`, `-cert` and `-key` can't be used */
  constructor(config: Config) {
    const { gateway } = config;
    this.#pool = new Pool(gateway.upstream, {
      // Each request sets its own.
      headersTimeout: 0,
      // Some answers never end: a client follows logs as long as it likes.
      bodyTimeout: 0,
      connect: skippingContinue(upstreamConnector(config)),
    });
    this.#credentials = upstreamCredentials(gateway);
    this.#config = gateway;
  }

  /**
   * Forwards a request, and passes its answer back.
   *
   * @returns the exchange, which may be over already
   * @throws InvalidRequestError if the request is larger than allowed, or has two `Host`
   */
  forward({ request, response, user, method, path, target, bytes, fail }: PassedRequest): Exchange {
    const { maxBodySize, upstreamUsername } = this.#config;
    const authorization = this.#credentials();
    // First of all: a body that was given away is not read on if the request is then refused.
    const headers = requestHeaders(request, { user, authorization, length: bytes?.length });
    const body = bytes === undefined ? limitedBody(request, maxBodySize) : wholeBody(bytes);
    const timeout = answerTimeout(this.#config, method, path);
    const exchange = new Exchange({
      request,
      response,
      body,
      fail,
      timeout,
      isWrite: isWrite(method, path),
      hasAccount: upstreamUsername !== '',
      judges: user === undefined,
    });
    // For a request with a body, undici would also count the time that the client takes to send it.
    const headersTimeout = body === null ? timeout : 0;
    this.#pool.dispatch({ path: target, method, headers, body, headersTimeout }, exchange);
    return exchange;
  }

  /**
   * Reads what connections to the upstream need, and opens none.
   *
   * @throws ConfigError as the constructor does
   */
  static check(config: Config): void {
    upstreamConnector(config);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
