import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Listening } from '../../../lib/server/listen.js';
import { listen } from '../../../lib/server/listen.js';
import { RawConnection } from './raw-connection.js';

const request = (path: number | string, fields = ''): string =>
  `GET /${String(path)} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('the requests of one connection', () => {
  let listening: Listening;
  const responses: ServerResponse[] = [];
  const open: RawConnection[] = [];

  beforeEach(async () => {
    listening = await listen((_request, response) => responses.push(response), {
      host: '127.0.0.1',
      port: 0,
    });
  });

  afterEach(async () => {
    for (const { socket } of open.splice(0)) socket.destroy();
    responses.length = 0;
    await listening.stop(0);
  });

  function connect(): RawConnection {
    const connection = new RawConnection(listening.url);
    open.push(connection);
    return connection;
  }

  async function arrived(count: number): Promise<readonly string[]> {
    while (responses.length < count) await pause();
    await pause();
    return responses.map(({ req }) => req.url ?? '');
  }

  const paths = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `/${String(index)}`);

  it('are with the server 16 at a time, and each is answered in its turn', async () => {
    const connection = connect();
    for (let path = 0; path < 40; path++) connection.write(request(path));
    await expect(arrived(16)).resolves.toEqual(paths(16));
    // What is answered out of turn waits for its turn, and so do those that come after.
    responses[3]?.end('3');
    await expect(arrived(16)).resolves.toHaveLength(16);
    responses[0]?.end('0');
    await expect(arrived(17)).resolves.toEqual(paths(17));
    for (let path = 1; path < 40; path++) {
      await arrived(path + 1);
      const response = responses[path];
      if (response?.writableEnded === false) response.end(String(path));
    }
    await connection.answers(40);
    const bodies = [...connection.received.matchAll(/\r\n\r\n(\d+)/g)].map(([, body]) => body);
    expect(bodies).toEqual(paths(40).map((path) => path.slice(1)));
  }, 30_000);

  it('are not read while 16 wait, so that they wait with the client', async () => {
    const connection = connect();
    const many = request('x', `X-Padding: ${'y'.repeat(1000)}\r\n`).repeat(10_000);
    connection.write(many);
    await arrived(16);
    const { socket } = responses[0] ?? {};
    await pause();
    expect(socket?.bytesRead).toBeLessThan(200_000);
  });

  it('count as unanswered while nobody reads the answers', async () => {
    const connection = connect();
    connection.socket.pause();
    const served: ServerResponse[] = [];
    const body = 'x'.repeat(1_000_000);
    const answering = setInterval(() => {
      for (const response of responses.splice(0)) {
        served.push(response);
        response.end(body);
      }
    }, 1);
    for (let path = 0; path < 60; path++) connection.write(request(path));
    while (served.length < 16) await pause();
    await pause();
    // Some are in the buffers of the two systems, which is as good as read.
    expect(served.length).toBeLessThan(40);
    connection.socket.resume();
    while (connection.socket.bytesRead < 60 * body.length) await pause();
    clearInterval(answering);
    expect(served).toHaveLength(60);
  }, 30_000);

  it('do not keep those of other connections from their turn', async () => {
    const flooding = connect();
    flooding.write(request('flood').repeat(1000));
    await arrived(16);
    const other = connect();
    other.write(request('other'));
    await expect(arrived(17)).resolves.toContain('/other');
  });

  it('are dropped with it', async () => {
    const connection = connect();
    connection.write(request('x').repeat(100));
    await arrived(16);
    connection.socket.destroy();
    await pause();
    await expect(arrived(16)).resolves.toHaveLength(16);
    const other = connect();
    other.write(request('other'));
    await expect(arrived(17)).resolves.toHaveLength(17);
  });

  it('are all told once that it is closed, also those that wait for their turn', async () => {
    const connection = connect();
    connection.write(request('x').repeat(16));
    await arrived(16);
    const closed: number[] = [];
    for (const [index, response] of responses.entries()) {
      response.on('close', () => closed.push(index));
    }
    // Answered, but its answer waits behind the first one.
    responses[1]?.end('early');
    connection.socket.destroy();
    while (closed.length < 16) await pause();
    await pause();
    expect(closed.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    expect(responses.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('are told nothing more if they were answered before it is closed', async () => {
    const connection = connect();
    connection.write(request('x').repeat(3));
    await arrived(3);
    let closed = 0;
    for (const response of responses) response.on('close', () => (closed += 1)).end('x');
    await connection.answers(3);
    connection.socket.destroy();
    await pause();
    expect(closed).toBe(3);
  });

  it('are not served after an answer that ends the connection', async () => {
    const connection = connect();
    connection.write(request('x').repeat(100));
    await arrived(16);
    const [first] = responses;
    if (first !== undefined) first.shouldKeepAlive = false;
    first?.end('bye');
    await expect(connection.ended).resolves.toMatch(/bye$/);
    await expect(arrived(16)).resolves.toHaveLength(16);
  });

  it('may have a body each', async () => {
    const connection = connect();
    const body = 'x'.repeat(30_000);
    const post = `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
    connection.write(post.repeat(40));
    for (let index = 0; index < 40; index++) {
      while (responses.length <= index) await pause();
      const response = responses[index];
      let size = 0;
      for await (const chunk of response?.req ?? []) size += Buffer.byteLength(chunk);
      expect(size).toBe(body.length);
      response?.end('read');
    }
    await expect(connection.answers(40)).resolves.toHaveLength(40);
  });
});

describe('requests that are answered at once', () => {
  it('leave the others their turn, however many one connection sends', async () => {
    const FLOOD = 1000;
    const order: string[] = [];
    const open: RawConnection[] = [];
    const listening = await listen(
      ({ url = '' }, response) => {
        // The other one asks while the flood runs.
        if (order.push(url) === 1) open[0]?.write(request('other'));
        response.end();
      },
      { host: '127.0.0.1', port: 0 },
    );
    const other = new RawConnection(listening.url);
    const flooding = new RawConnection(listening.url);
    open.push(other, flooding);
    await Promise.all(open.map(({ socket }) => once(socket, 'connect')));
    flooding.write(request('flood').repeat(FLOOD));
    await Promise.all([other.answers(1), flooding.answers(FLOOD)]);
    expect(order).toHaveLength(FLOOD + 1);
    expect(order.indexOf('/other')).toBeLessThan(FLOOD / 4);
    for (const { socket } of open) socket.destroy();
    await listening.stop(0);
  });

  it('never stop to be read from a connection that waits for each answer', async () => {
    let pauses = 0;
    const listening = await listen(
      ({ socket }, response) => {
        if (response.req.url === '/0') socket.on('pause', () => (pauses += 1));
        response.end();
      },
      { host: '127.0.0.1', port: 0 },
    );
    const connection = new RawConnection(listening.url);
    for (let path = 0; path < 100; path++) {
      connection.write(request(path));
      await connection.answers(path + 1);
    }
    expect(pauses).toBe(0);
    connection.socket.destroy();
    await listening.stop(0);
  });

  it('are all answered, in order', async () => {
    const listening = await listen(({ url = '' }, response) => response.end(url), {
      host: '127.0.0.1',
      port: 0,
    });
    const connection = new RawConnection(listening.url);
    const all = Array.from({ length: 500 }, (_, path) => request(path));
    connection.write(all.join(''));
    await connection.answers(500);
    const bodies = [...connection.received.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, path]) =>
      Number(path),
    );
    expect(bodies).toEqual(all.map((_, path) => path));
    connection.socket.destroy();
    await listening.stop(0);
  });
});
