/**
 * Runs before each file of specs (jest's `setupFilesAfterEnv`): whatever the specs are about, no secret that a client sends may turn
 * up in a log, a warning, an answer that refuses, or in what shows a user.
 */
import type { ClientRequest } from 'node:http';
import { IncomingMessage, OutgoingMessage, Server, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { learnFrom, look, takeLeaks } from './leaks.js';

type Watched = IncomingMessage & { readonly user?: unknown };

const { emit } = Server.prototype;
const { setHeader } = OutgoingMessage.prototype;
const { end } = ServerResponse.prototype;

/** The things that a server receives. */
function watchedEmit(this: Server, ...event: [string, ...unknown[]]): boolean {
  const [name, request] = event;
  if (name === 'request' && request instanceof IncomingMessage) {
    learnFrom(request.headers.authorization, request.url);
  }
  return Reflect.apply(emit, this, event);
}

/** The things that a client sends, also to a server in another process. */
function watchedSetHeader(
  this: OutgoingMessage & Partial<Pick<ClientRequest, 'path'>>,
  ...field: Parameters<typeof setHeader>
): OutgoingMessage {
  if (field[0].toLowerCase() === 'authorization') learnFrom(String(field[1]), this.path);
  return setHeader.apply(this, field);
}

function watchedEnd(
  this: ServerResponse<Watched>,
  ...body: Parameters<typeof end>
): ServerResponse {
  const chunk: unknown = body[0];
  const isText = typeof chunk === 'string' || Buffer.isBuffer(chunk);
  if (this.statusCode >= 400 && isText) look('an answer that refuses', chunk.toString());
  const { user } = this.req;
  if (user !== undefined) look('req.user', inspect(user, { depth: 9 }) + JSON.stringify(user));
  return end.apply(this, body);
}

function lookAtWarning(warning: Error): void {
  look('a warning', inspect(warning));
}

beforeAll(() => {
  Object.assign(Server.prototype, { emit: watchedEmit });
  Object.assign(OutgoingMessage.prototype, { setHeader: watchedSetHeader });
  Object.assign(ServerResponse.prototype, { end: watchedEnd });
  process.on('warning', lookAtWarning);
});

afterEach(() => {
  expect(takeLeaks()).toEqual([]);
});

afterAll(() => {
  Object.assign(Server.prototype, { emit });
  Object.assign(OutgoingMessage.prototype, { setHeader });
  Object.assign(ServerResponse.prototype, { end });
  process.off('warning', lookAtWarning);
});
