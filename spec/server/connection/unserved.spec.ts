import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Unreadable } from '../../../lib/server/connection/unreadable.js';
import { listen } from '../../../lib/server/listen.js';

describe('requests that Node would tell nobody of', () => {
  it.each([
    [417, 'GET /expects', 'Host: a\r\nExpect: nonsense\r\n'],
    [405, 'CONNECT a.example:1', 'Host: a\r\n'],
    [400, 'GET /nowhere', ''],
  ])('are answered %i and told of: %s', async (status, request, fields) => {
    const told: Unreadable[] = [];
    const { url, stop } = await listen((_request, response) => response.end(), {
      ...{ host: '127.0.0.1', port: 0 },
      unreadable: (one) => told.push(one),
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${request} HTTP/1.1\r\n${fields}\r\n`);
    await expect(text(socket)).resolves.toMatch(`HTTP/1.1 ${String(status)} `);
    const [method, target] = request.split(' ');
    expect(told).toEqual([{ status, code: undefined, method, target }]);
    await stop();
  });

  it('are answered after those before them', async () => {
    const { url, stop } = await listen(
      (_request, response) => void setTimeout(() => response.end('served'), 30),
      { host: '127.0.0.1', port: 0 },
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      'GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n' +
        'CONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1.1 \d+|served/g)).toEqual([
      ...['HTTP/1.1 200', 'served', 'HTTP/1.1 200', 'served'],
      'HTTP/1.1 405',
    ]);
    await stop();
  });

  it('are as bounded as others: no more is served after the first', async () => {
    const told: Unreadable[] = [];
    const { url, stop } = await listen((_request, response) => response.end(), {
      ...{ host: '127.0.0.1', port: 0 },
      unreadable: (one) => told.push(one),
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /e HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n'.repeat(2_000));
    await text(socket).catch(() => '');
    await stop();
    expect(told).toHaveLength(1);
  });

  it('serves a client of HTTP/1.0, which need not name a host', async () => {
    const { url, stop } = await listen((_request, response) => response.end('served'), {
      ...{ host: '127.0.0.1', port: 0 },
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.0\r\n\r\n');
    await expect(text(socket)).resolves.toMatch(/served$/);
    await stop();
  });
});
