import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Unreadable } from '../../../lib/server/connection/unreadable.js';
import { listen } from '../../../lib/server/listen.js';

describe('requests that Node would tell nobody of', () => {
  it.each([
    [417, 'GET /expects', 'Expect: nonsense\r\n'],
    [405, 'CONNECT a.example:1', ''],
  ])('are answered %i and told of: %s', async (status, request, fields) => {
    const told: Unreadable[] = [];
    const { url, stop } = await listen((_request, response) => response.end(), {
      ...{ host: '127.0.0.1', port: 0 },
      unreadable: (one) => told.push(one),
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${request} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
    await expect(text(socket)).resolves.toMatch(`HTTP/1.1 ${String(status)} `);
    const [method, target] = request.split(' ');
    expect(told).toEqual([{ status, code: undefined, method, target }]);
    await stop();
  });
});
