import { setTimeout as delay } from 'node:timers/promises';
import type { Listening } from '../../../lib/server/listen.js';
import { listen } from '../../../lib/server/listen.js';
import { RawConnection } from './raw-connection.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';

describe('a client that says nothing', () => {
  let listening: Listening;
  let connection: RawConnection;
  let isRead = true;

  beforeEach(async () => {
    listening = await listen(
      (request, response) => {
        if (isRead) request.resume();
        request.once('end', () => response.end('read'));
        if (request.method === 'GET') request.resume();
      },
      { host: '127.0.0.1', port: 0, timeouts: { keepAlive: 1_000, request: 200 } },
    );
    connection = new RawConnection(listening.url);
  });

  afterEach(async () => {
    isRead = true;
    connection.socket.destroy();
    await listening.stop(0);
  });

  it('within a body gets 408, and its connection ends', async () => {
    connection.write(`${POST}12345`);
    await expect(connection.ended).resolves.toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n/,
    );
  });

  it('for long is another than one that sends slowly', async () => {
    connection.write(POST);
    for (let index = 0; index < 10; index++) {
      await delay(100);
      connection.write(String(index));
    }
    await expect(connection.answers(1)).resolves.toEqual([200]);
  });

  it('is another than one whose body nobody reads here', async () => {
    isRead = false;
    const body = 'x'.repeat(10_000_000);
    connection.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
    await delay(600);
    expect(connection.socket.destroyed).toBe(false);
    expect(connection.received).toBe('');
  });

  it('between two requests keeps its connection for a time that is told', async () => {
    connection.write(REQUEST);
    await connection.answers(1);
    expect(connection.received).toContain('\r\nKeep-Alive: timeout=1\r\n');
    await expect(connection.ended).resolves.toMatch(/read/);
  });
});
