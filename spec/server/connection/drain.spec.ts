import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import { LAST_CALL } from '../../../lib/server/connection/drain.js';
import { OpenConnections } from '../../../lib/server/connection/open-connections.js';
import { watchBelow } from '../../../lib/server/connection/sockets-below.js';
import type { Listening } from '../../../lib/server/listen.js';
import { listen } from '../../../lib/server/listen.js';
import { until } from '../../support/until.js';

const HEAD = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
const REQUEST = `${HEAD}\r\n`;

/** Longer than a test: what ends before does not end by it. */
const NEVER = 600_000;

const authority = makeAuthority('an authority');
const identity = makeCertificate(authority, { names: ['localhost'] });

describe.each([
  ['HTTP', undefined],
  ['TLS', identity],
] as const)('a server of %s that stops', (_, tls) => {
  let listening: Listening;
  let responses: ServerResponse[];
  let sockets: Socket[];
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    responses = [];
    sockets = [];
    answer = () => undefined;
    listening = await listen(
      (_request, response) => {
        responses.push(response);
        answer(response);
      },
      { host: '127.0.0.1', port: 0, tls },
    );
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await listening.stop(0);
  });

  /** A connection below TLS, if there is TLS. */
  async function dial(): Promise<Socket> {
    const socket = connect(Number(new URL(listening.url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async function open(): Promise<Socket> {
    const socket = await dial();
    if (tls === undefined) return socket;
    const secure = connectTls({ socket, ca: authority.cert, servername: 'localhost' });
    await once(secure, 'secureConnect');
    return secure;
  }

  async function arrived(count: number): Promise<void> {
    await until(`${String(count)} requests arrived`, () => responses.length >= count);
  }

  it.each([
    ['has sent nothing', ''],
    ['has sent half a request line', 'GET /'],
    ['has sent half a head', HEAD],
  ])('closes a connection that %s, and does not wait for it', async (_what, sent) => {
    const socket = await open();
    // Another one that is answered: the server has read what the first one sent.
    socket.write(sent);
    answer = (response) => response.end('hello');
    const other = await open();
    other.write(REQUEST);
    await once(other, 'data');
    const received = text(socket);
    await listening.stop(NEVER);
    await expect(received).resolves.toBe('');
  });

  it('closes one that has sent half of another request after an answered one', async () => {
    answer = (response) => response.end('hello');
    const socket = await open();
    socket.write(REQUEST + HEAD);
    await once(socket, 'data');
    await listening.stop(NEVER);
  });

  it('answers a request that nobody has read yet', async () => {
    answer = (response) => response.end('hello');
    const socket = await open();
    const received = text(socket);
    socket.write(REQUEST);
    await listening.stop(NEVER);
    await expect(received).resolves.toMatch(/\r\nConnection: close\r\n.*hello$/s);
  });

  it('answers one that comes just now on a connection that was kept', async () => {
    answer = (response) => response.end(`answer ${String(responses.length)};`);
    const socket = await open();
    socket.write(REQUEST);
    await once(socket, 'data');
    const received = text(socket);
    socket.write(REQUEST);
    await listening.stop(NEVER);
    await expect(received).resolves.toMatch(/\r\nConnection: close\r\n.*answer 2;$/s);
  });

  it('answers a request that arrived, with nobody waiting for others', async () => {
    const [silent, asking] = [await open(), await open()];
    asking.write(REQUEST);
    await arrived(1);
    const received = text(asking);
    const stopped = listening.stop(NEVER);
    await expect(text(silent)).resolves.toBe('');
    responses[0]?.end('finished');
    await expect(received).resolves.toMatch(/\r\nConnection: close\r\n.*finished$/s);
    await stopped;
  });

  it('answers all of several requests that a connection sent at once', async () => {
    const socket = await open();
    socket.write(REQUEST.repeat(20));
    await arrived(16);
    const received = text(socket);
    const stopped = listening.stop(NEVER);
    for (let number = 0; number < 20; number += 1) {
      await arrived(number + 1);
      responses[number]?.end(`answer ${String(number)};`);
    }
    const all = await received;
    expect(all.match(/answer \d+;/g)).toHaveLength(20);
    expect(all.match(/Connection: close/g)).toHaveLength(1);
    expect(all).toMatch(/Connection: close\r\n[^;]*answer 19;$/);
    await stopped;
  });

  it('takes no request more once it has said that the connection ends', async () => {
    const socket = await open();
    socket.write(REQUEST);
    await arrived(1);
    const received = text(socket);
    const stopped = listening.stop(NEVER);
    socket.write(REQUEST);
    // As long as it may take until that would be with the handler.
    await new Promise((resolve) => setTimeout(resolve, 50));
    responses[0]?.end('the last');
    await expect(received).resolves.toMatch(/the last$/);
    await stopped;
    expect(responses).toHaveLength(1);
  });

  it('does not keep a connection whose answer had begun and is over', async () => {
    const socket = await open();
    socket.write(REQUEST);
    await arrived(1);
    responses[0]?.flushHeaders();
    const received = text(socket);
    const stopped = listening.stop(NEVER);
    responses[0]?.end('begun before');
    await expect(received).resolves.toMatch(/keep-alive.*begun before/s);
    await stopped;
  });

  it('does not wait for the body of a request that is answered', async () => {
    answer = (response) => response.end('refused');
    const socket = await open();
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n`);
    await once(socket, 'data');
    await listening.stop(NEVER);
  });

  it('lets a client send the body of an answered request, to read all of the answer', async () => {
    answer = (response) => response.writeHead(401, { Connection: 'close' }).end('refused');
    const socket = await open();
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n`);
    await arrived(1);
    const received = text(socket);
    const stopped = listening.stop(NEVER);
    socket.write('0123456789');
    await expect(received).resolves.toMatch(/refused\r\n0\r\n/);
    await stopped;
  });

  it('waits for the body of a request that has no answer', async () => {
    answer = (response) => {
      response.req.resume().once('end', () => response.end('all read'));
    };
    const socket = await open();
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab`);
    await arrived(1);
    const received = text(socket);
    const stopped = listening.stop(NEVER);
    // Longer than an idle connection is kept.
    await new Promise((resolve) => setTimeout(resolve, 2.2 * LAST_CALL));
    socket.write('cd');
    await expect(received).resolves.toMatch(/all read$/);
    await stopped;
  });

  it('closes one with a tunnel behind a request without an answer at its deadline', async () => {
    const socket = await open();
    socket.on('error', () => undefined);
    socket.write(`${REQUEST}CONNECT host:1 HTTP/1.1\r\nHost: x\r\n\r\n`);
    await arrived(1);
    await expect(listening.stop(50)).resolves.toBeUndefined();
  });
});

describe('a server of TLS', () => {
  it('that stops closes a connection whose handshake is not complete', async () => {
    const listening = await listen((_request, response) => response.end('hello'), {
      host: '127.0.0.1',
      port: 0,
      tls: identity,
    });
    const port = Number(new URL(listening.url).port);
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    // The server accepts connections in their order.
    const other = connectTls({
      port,
      host: '127.0.0.1',
      ca: authority.cert,
      servername: 'localhost',
    });
    await once(other, 'secureConnect');
    other.destroy();
    const received = text(silent);
    await listening.stop(NEVER);
    await expect(received).resolves.toBe('');
  });

  it('forgets connections that are closed, also those that never greeted', async () => {
    const server = createServer({ ...identity }, (_request, response) => response.end('hello'));
    const connections = new OpenConnections(server, { isTls: true, isBusy: () => false });
    watchBelow(server);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const silent = connect(port, '127.0.0.1');
    await until('one is open', () => [...connections].length === 1);
    const secure = connectTls({
      port,
      host: '127.0.0.1',
      ca: authority.cert,
      servername: 'localhost',
    });
    await once(secure, 'secureConnect');
    await until('two are open', () => [...connections].length === 2);
    silent.write('this is no handshake');
    secure.destroy();
    await until('none is open', () => [...connections].length === 0);
    server.close();
  });
});
