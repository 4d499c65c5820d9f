import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Unreadable } from '../../../lib/server/connection/unreadable.js';
import { listen } from '../../../lib/server/listen.js';
import { until } from '../../support/until.js';
import { RawConnection } from './raw-connection.js';

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

  it('never overtake others that wait for their turn', async () => {
    let served = 0;
    const { url, stop } = await listen(
      (_request, response) => {
        served += 1;
        response.end('served');
      },
      { host: '127.0.0.1', port: 0 },
    );
    const connection = new RawConnection(url);
    const before = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100);
    connection.write(`${before}CONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\n`);
    await connection.ended;
    await stop();
    expect(served).toBe(100);
    expect(connection.statuses).toEqual([...Array<number>(100).fill(200), 405]);
  });

  it('let a long answer before them come to its end', async () => {
    const chunk = 'x'.repeat(50_000);
    const { url, stop } = await listen(
      (_request, response) => {
        Readable.from(Array<string>(60).fill(chunk)).pipe(response);
      },
      { host: '127.0.0.1', port: 0 },
    );
    const connection = new RawConnection(url);
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nCONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await connection.ended;
    expect(connection.statuses).toEqual([200, 405]);
    expect(connection.received.match(/x/g)).toHaveLength(60 * chunk.length);
    await stop();
  });

  it('are not told of if they come after an answer that ends the connection', async () => {
    const told: Unreadable[] = [];
    const responses: ServerResponse[] = [];
    const { url, stop } = await listen((_request, response) => responses.push(response), {
      ...{ host: '127.0.0.1', port: 0 },
      unreadable: (one) => told.push(one),
    });
    const connection = new RawConnection(url);
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nCONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('a request arrived', () => responses.length > 0);
    const stopped = stop();
    responses[0]?.end('served');
    await Promise.all([connection.ended, stopped]);
    expect(connection.statuses).toEqual([200]);
    expect(told).toEqual([]);
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
