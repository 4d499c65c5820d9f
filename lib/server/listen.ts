import { once } from 'node:events';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { systemErrorCode } from '../system-error.js';
import { drain } from './connection/drain.js';
import { OpenConnections } from './connection/open-connections.js';
import { SilenceWatch } from './connection/silence.js';
import { watchBelow } from './connection/sockets-below.js';
import { Turns } from './connection/turns.js';
import { closeUnlessRead } from './connection/unread-body.js';
import type { Unreadable, UnreadableError } from './connection/unreadable.js';
import { answerUnreadable } from './connection/unreadable.js';
import { answerExpectation, answerTunnels, answerWithoutHost } from './connection/unserved.js';
import { RunningResponses } from './running-responses.js';
import type { TlsIdentity } from './tls-pair.js';

/** Options of {@link listen}. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The port that the other workers of a server share, if `port` is 0. */
  readonly settledPort?: number | undefined;
  /** Serves TLS if given. */
  readonly tls?: TlsIdentity | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Called for bytes that are not a request. */
  readonly unreadable?: ((told: Unreadable, socket: Duplex) => void) | undefined;
}

/** Limits of a client's silence, in milliseconds. */
export interface Timeouts {
  /** Between two requests. */
  readonly keepAlive: number;
  /** Within the body of a request; 0 for no limit. */
  readonly request: number;
}

const TIMEOUTS: Timeouts = { keepAlive: 75_000, request: 60_000 };

/** A server that accepts connections. */
export interface Listening {
  /** The URL for clients on this machine, such as `http://127.0.0.1:9095`. */
  readonly url: string;
  /**
   * Accepts no more connections, closes those without a request under way, and lets running
   * requests finish.
   *
   * @param deadline - milliseconds after which running requests are broken off; 10 s if left out
   */
  readonly stop: (deadline?: number) => Promise<void>;
  /** Uses another certificate for new connections. */
  readonly useTls: (identity: TlsIdentity) => void;
}

/**
 * In milliseconds and bytes. A client that sends its fields slowly must not stay connected long.
 */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  // Node would count from the beginning of a request; SilenceWatch counts pauses instead.
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
  // Node's own answer would have no line in the log.
  requireHostHeader: false,
};

/** TLS 1.0 and 1.1 are deprecated (RFC 8996). Browsers and Go's clients have long known better. */
const TLS: TlsOptions = { minVersion: 'TLSv1.2' };

/**
 * Serves HTTP, or HTTPS if a certificate is given.
 *
 * @throws Error with a text for the operator if the address can't be used
 */
export async function listen(
  handler: RequestListener,
  { host, port, settledPort, tls, timeouts = TIMEOUTS, unreadable }: ListenAddress,
): Promise<Listening> {
  const running = new RunningResponses();
  const silence = new SilenceWatch(timeouts.request);
  const turns = new Turns((request, response) => {
    running.add(response);
    closeUnlessRead(request, response);
    silence.add(request, response);
    if (answerWithoutHost(request, response, unreadable)) return;
    if (answerExpectation(request, response, unreadable)) return;
    handler(request, response);
  });
  const limits = { ...LIMITS, keepAliveTimeout: timeouts.keepAlive };
  const tlsServer = tls && createTlsServer({ ...limits, ...TLS, ...tls }, turns.listener);
  if (tlsServer !== undefined) watchBelow(tlsServer);
  const server = tlsServer ?? createServer(limits, turns.listener);
  // Node would leave out those beyond 2000, and with them the length of a body.
  // `maxHeaderSize` bounds them.
  server.maxHeadersCount = 0;
  const connections = new OpenConnections(server, {
    isTls: tls !== undefined,
    isBusy: (socket) => turns.isBusy(socket),
  });
  server.on('clientError', (error: UnreadableError, socket) => {
    const told = answerUnreadable(error, socket, turns.pending(socket));
    if (told !== undefined) unreadable?.(told, socket);
  });
  server.on('checkExpectation', turns.listener);
  answerTunnels(server, turns, unreadable);
  await begin(server, { host, port });
  // Once none of them is left, port 0 is a new port.
  if (settledPort !== undefined && portOf(server) !== settledPort) {
    server.close();
    await once(server, 'close');
    await begin(server, { host, port: settledPort });
  }
  return {
    url: localUrl(server, host, tls === undefined ? 'http' : 'https'),
    stop: async (deadline = 10_000) => {
      await drain({ server, connections, turns, running }, deadline);
      silence.stop();
    },
    useTls: (identity) => tlsServer?.setSecureContext({ ...TLS, ...identity }),
  };
}

async function begin(server: Server, address: ListenAddress): Promise<void> {
  const { host, port } = address;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(describeFailure(error, address), { cause: error });
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address.port;
}

/** A server on all addresses is reached on the loopback one. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

function localUrl(server: Server, host: string, scheme: string): string {
  const port = portOf(server);
  const shown = LOOPBACK.get(host) ?? host;
  return `${scheme}://${isIPv6(shown) ? `[${shown}]` : shown}:${String(port)}`;
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the port is in use; choose another with --port'],
  ['EACCES', 'it may not be used without more rights; choose another with --port'],
  ['EADDRNOTAVAIL', 'this machine has no such address; choose another with --host'],
  ['ENOTFOUND', 'there is no such host; choose another with --host'],
]);

function describeFailure(error: unknown, { host, port }: ListenAddress): string {
  const code = systemErrorCode(error) ?? 'an unknown error';
  return `cannot listen on ${host}, port ${String(port)}: ${FAILURES.get(code) ?? code}`;
}
