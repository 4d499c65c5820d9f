import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, Server } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { basic } from '../support/open-auth.js';

/** The place of Kapacitor's API. */
export const V1 = '/kapacitor/v1';

/** The fields that nginx sends. */
export const original = (method: string, target: string) => ({
  'X-Original-URI': target,
  'X-Original-Method': method,
});

/** The fields that Traefik and Caddy send. */
export const forwarded = (method: string, target: string) => ({
  'X-Forwarded-Uri': target,
  'X-Forwarded-Method': method,
});

/** The credentials of a client. */
export const amy = { Authorization: basic('amy', 'amy-pw') };

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that is closed after the test. */
export function listening(app: RequestListener | undefined): Server {
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  return server;
}

/** Sends fields as they are written, repeated ones too. */
export async function raw(
  server: Server,
  headers: OutgoingHttpHeaders,
  method = 'GET',
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  if (server.address() === null) await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const options = { host: '127.0.0.1', port, path: '/auth', agent: false };
  const outgoing = httpRequest({ ...options, method, headers });
  outgoing.end();
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  if (answer === undefined) throw new Error('no answer');
  return { status: answer.statusCode, body: await text(answer) };
}
