import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { z } from 'zod';

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

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
}

/** Milliseconds and bytes; a client that sends slowly must not hold a connection for long. */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

/**
 * Serves HTTP.
 *
 * @throws Error with a text for the operator when the address can't be used
 */
export async function listen(
  handler: RequestListener,
  { host, port }: ListenAddress,
): Promise<Listening> {
  const answering = new Set<ServerResponse>();
  const server = createServer(LIMITS, (request, response) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (!server.listening) response.setHeader('Connection', 'close');
    handler(request, response);
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(describeFailure(error, { host, port }), { cause: error });
  }
  return {
    url: localUrl(server, host),
    stop: (deadline = 10_000) => drain(server, answering, deadline),
  };
}

async function drain(
  server: Server,
  answering: ReadonlySet<ServerResponse>,
  deadline: number,
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const response of answering) {
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

function localUrl(server: Server, host: string): string {
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const shown = LOOPBACK.get(host) ?? host;
  return `http://${isIPv6(shown) ? `[${shown}]` : shown}:${String(port)}`;
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the port is in use; choose another with --port'],
  ['EACCES', 'it may not be used without more rights; choose another with --port'],
  ['EADDRNOTAVAIL', 'this machine has no such address; choose another with --host'],
  ['ENOTFOUND', 'there is no such host; choose another with --host'],
]);

function describeFailure(error: unknown, { host, port }: ListenAddress): string {
  const { code } = z.object({ code: z.string() }).parse(error);
  return `cannot listen on ${host}, port ${String(port)}: ${FAILURES.get(code) ?? code}`;
}
