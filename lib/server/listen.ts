import { once } from 'node:events';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { z } from 'zod';
import { systemErrorCode } from '../system-error.js';
import { SilenceWatch } from './connection/silence.js';
import { Turns } from './connection/turns.js';
import { closeUnlessRead } from './connection/unread-body.js';
import type { Unreadable, UnreadableError } from './connection/unreadable.js';
import { answerUnreadable } from './connection/unreadable.js';
import { RunningResponses } from './running-responses.js';
import type { TlsIdentity } from './tls.js';

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Serves TLS where given. */
  readonly tls?: TlsIdentity | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Told of what came and was no request. */
  readonly unreadable?: ((told: Unreadable, socket: Duplex) => void) | undefined;
}

/** How long a client may be silent, in milliseconds. */
export interface Timeouts {
  /** Between two requests. */
  readonly keepAlive: number;
  /** Within the body of a request; 0 for ever. */
  readonly request: number;
}

const TIMEOUTS: Timeouts = { keepAlive: 75_000, request: 60_000 };

/** A server that accepts connections. */
export interface Listening {
  /** Where clients on this machine reach it, such as `http://127.0.0.1:9095`. */
  readonly url: string;
  /**
   * Accepts nothing more and lets running requests finish.
   *
   * @param deadline - milliseconds after which what still runs is broken off; 10 s when left out
   */
  readonly stop: (deadline?: number) => Promise<void>;
  /** Takes another certificate for connections from now on. */
  readonly useTls: (identity: TlsIdentity) => void;
}

/** Milliseconds and bytes; a client that sends its fields slowly must not hold a connection for long. */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  // It would count from the beginning of a request; silence is watched here.
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

/** Browsers and Go's clients have been able to do better than TLS 1.1 for long (RFC 8996). */
const TLS: TlsOptions = { minVersion: 'TLSv1.2' };

/**
 * Serves HTTP.
 *
 * @throws Error with a text for the operator when the address can't be used
 */
export async function listen(
  handler: RequestListener,
  { host, port, tls, timeouts = TIMEOUTS, unreadable }: ListenAddress,
): Promise<Listening> {
  const running = new RunningResponses();
  const silence = new SilenceWatch(timeouts.request);
  const turns = new Turns((request, response) => {
    running.add(response);
    closeUnlessRead(request, response);
    silence.add(request, response);
    if (!server.listening) response.setHeader('Connection', 'close');
    handler(request, response);
  });
  const limits = { ...LIMITS, keepAliveTimeout: timeouts.keepAlive };
  const tlsServer = tls && createTlsServer({ ...limits, ...TLS, ...tls }, turns.listener);
  const server = tlsServer ?? createServer(limits, turns.listener);
  server.on('clientError', (error: UnreadableError, socket) => {
    const told = answerUnreadable(error, socket, turns.pending(socket));
    if (told !== undefined) unreadable?.(told, socket);
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(describeFailure(error, { host, port }), { cause: error });
  }
  return {
    url: localUrl(server, host, tls === undefined ? 'http' : 'https'),
    stop: async (deadline = 10_000) => {
      await drain(server, running, deadline);
      silence.stop();
    },
    useTls: (identity) => tlsServer?.setSecureContext({ ...TLS, ...identity }),
  };
}

async function drain(server: Server, running: RunningResponses, deadline: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const response of running.list()) {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  }
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, deadline);
  await closed;
  clearTimeout(timer);
}

/** What listens on all addresses is reached on the loopback one. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

function localUrl(server: Server, host: string, scheme: string): string {
  const { port } = z.object({ port: z.number() }).parse(server.address());
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
