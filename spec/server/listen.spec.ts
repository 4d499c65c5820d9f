import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Listening } from '../../lib/server/listen.js';
import { listen } from '../../lib/server/listen.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const hello: RequestListener = (_request, response) => {
  response.end('hello');
};

/** A handler that leaves its answers to the test. */
class Unanswered {
  readonly #responses: ServerResponse[] = [];
  #arrived: (response: ServerResponse) => void = (response) => this.#responses.push(response);

  readonly handler: RequestListener = (_request, response) => {
    this.#arrived(response);
  };

  async next(): Promise<ServerResponse> {
    return (
      this.#responses.shift() ??
      new Promise((resolve) => {
        this.#arrived = resolve;
      })
    );
  }
}

describe('listen', () => {
  let listening: Listening | undefined;

  async function start(handler: RequestListener, host = '127.0.0.1'): Promise<Listening> {
    return (listening = await listen(handler, { host, port: 0 }));
  }

  function open(): Socket {
    return connect(Number(new URL(listening?.url ?? '').port), '127.0.0.1');
  }

  afterEach(async () => {
    await listening?.stop(0);
    listening = undefined;
  });

  const hosts: [host: string, url: RegExp][] = [
    ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['localhost', /^http:\/\/localhost:\d+$/],
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
  ];
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
  if (addresses.some(({ address }) => address === '::1')) {
    hosts.push(['::', /^http:\/\/\[::1\]:\d+$/]);
  }

  it.each(hosts)('on %s tells an address that answers', async (host, url) => {
    const { url: shown } = await start(hello, host);
    expect(shown).toMatch(url);
    await expect(fetch(shown).then((answer) => answer.text())).resolves.toBe('hello');
  });

  it('says when the port is in use', async () => {
    const { url } = await start(hello);
    const { port } = new URL(url);
    await expect(listen(hello, { host: '127.0.0.1', port: Number(port) })).rejects.toThrow(
      `cannot listen on 127.0.0.1, port ${port}: the port is in use; choose another with --port`,
    );
  });

  it.each([
    ['no.such.host.invalid', /^cannot listen on no\.such\.host\.invalid, port 0: /],
    ['192.0.2.1', /no such address; choose another with --host$/],
    ['fe80::1', /^cannot listen on fe80::1, port 0: [A-Z]+$/],
  ])('says when it cannot listen on %s', async (host, problem) => {
    await expect(listen(hello, { host, port: 0 })).rejects.toThrow(problem);
  });

  it('refuses headers larger than 16 KiB', async () => {
    const { url } = await start(hello);
    const { status } = await fetch(url, { headers: { 'X-Large': 'x'.repeat(17_000) } });
    expect(status).toBe(431);
  });

  describe('when it stops', () => {
    it('finishes a running request, closes its connection and accepts no other', async () => {
      const requests = new Unanswered();
      const { url, stop } = await start(requests.handler);
      const socket = open();
      socket.write(REQUEST);
      const response = await requests.next();
      const stopped = stop();
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      response.end('finished');
      await expect(text(socket)).resolves.toMatch(/\r\nConnection: close\r\n.*finished$/s);
      await stopped;
    });

    it('closes idle kept-alive connections at once', async () => {
      const { stop } = await start(hello);
      const socket = open();
      socket.write(REQUEST);
      await once(socket, 'data');
      const closed = once(socket, 'close');
      await stop();
      await closed;
    });

    it('answers what a kept-alive connection still sends, as its last request', async () => {
      const requests = new Unanswered();
      const { stop } = await start(requests.handler);
      const socket = open();
      socket.write(REQUEST);
      const first = await requests.next();
      first.flushHeaders();
      const stopped = stop();
      first.end('first');
      socket.write(REQUEST);
      (await requests.next()).end('second');
      await expect(text(socket)).resolves.toMatch(/first.*\r\nConnection: close\r\n.*second/s);
      await stopped;
    });

    it('breaks off what runs longer than the deadline', async () => {
      const requests = new Unanswered();
      const { stop } = await start(requests.handler);
      const socket = open();
      socket.write(REQUEST);
      await requests.next();
      await stop(1);
      await expect(text(socket)).resolves.toBe('');
    });
  });
});
