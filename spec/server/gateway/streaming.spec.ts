import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/until.js';
import { RawConnection } from '../connection/raw-connection.js';
import { login, StartedGateway } from './started-gateway.js';

const MEBIBYTE = 1_048_576;

describe('the gateway', () => {
  let gateway: StartedGateway;

  beforeEach(async () => {
    gateway = await StartedGateway.start();
  });

  afterEach(async () => {
    await gateway.stop();
  });

  function open(path: string, options: RequestOptions = {}): ClientRequest {
    const sent = httpRequest(gateway.server.url + path, { headers: login('root'), ...options });
    sent.on('error', () => undefined);
    return sent;
  }

  async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve) => sent.once('response', resolve));
  }

  /** The upstream's side of a request, as soon as it is there. */
  function upstreamSide(): Promise<{ request: IncomingMessage; response: ServerResponse }> {
    return new Promise((resolve) => {
      gateway.upstream.answer = (request, response) => {
        resolve({ request, response });
      };
    });
  }

  it('passes on each part of an endless answer when it comes', async () => {
    const side = upstreamSide();
    const sent = open('/kapacitor/v1/logs');
    sent.end();
    const { response } = await side;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    const answer = await answerTo(sent);
    answer.setEncoding('utf8');
    for (const line of ['{"msg":"one"}\n', '{"msg":"two"}\n']) {
      response.write(line);
      expect(await once(answer, 'data')).toEqual([line]);
    }
    response.end();
    await once(answer.resume(), 'end');
  });

  it('ends its request to the upstream when the client is gone', async () => {
    const side = upstreamSide();
    const sent = open('/kapacitor/v1/logs');
    sent.end();
    const { response } = await side;
    response.write('{}\n');
    const answer = await answerTo(sent);
    const upstreamGone = once(response, 'close');
    answer.destroy();
    await upstreamGone;
    expect(response.writableFinished).toBe(false);
  });

  it('ends all requests of a connection that closes, also those that wait for their turn', async () => {
    const arrived: Promise<unknown>[] = [];
    gateway.upstream.answer = (_request, response) => {
      arrived.push(once(response, 'close'));
      response.write('{}\n');
    };
    const request = `GET /kapacitor/v1/logs HTTP/1.1\r\nHost: x\r\nAuthorization: ${login('root').Authorization}\r\n\r\n`;
    const client = new RawConnection(gateway.server.url);
    client.write(request.repeat(16));
    await until('16 requests arrived', () => arrived.length >= 16);
    client.socket.destroy();
    await Promise.all(arrived);
    await until('16 requests are logged', () => gateway.log.requests.length >= 16);
    expect(gateway.log.requests).toHaveLength(16);
    expect(gateway.log.requests.every(({ aborted }) => aborted === true)).toBe(true);
  });

  it('ends its request to the upstream when the client goes while it sends', async () => {
    gateway.upstream.answer = () => undefined;
    const sent = open('/unread', {
      method: 'POST',
      headers: { ...login('root'), 'Content-Length': 100 },
    });
    const side = upstreamSide();
    sent.write('only a part');
    const { request } = await side;
    const gone = new Promise((resolve) => request.once('close', resolve).once('error', resolve));
    sent.destroy();
    await gone;
    expect(request.complete).toBe(false);
  });

  it('ends its answer unfinished when the upstream breaks off', async () => {
    const side = upstreamSide();
    const sent = open('/kapacitor/v1/logs');
    sent.end();
    const { response } = await side;
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('a part');
    const answer = await answerTo(sent);
    const aborted = once(answer, 'error');
    answer.resume();
    response.destroy();
    await expect(aborted).resolves.toMatchObject([{ code: 'ECONNRESET' }]);
    expect(gateway.log.text).not.toContain('unexpectedly');
  });

  it('streams 100 MiB to the upstream, no faster than it reads', async () => {
    let received = 0;
    const side = upstreamSide();
    const sent = open('/unread/write?db=x', { method: 'POST' });
    const finished = (async () => {
      const part = Buffer.alloc(MEBIBYTE, 'x');
      for (let index = 0; index < 100; index++) {
        if (!sent.write(part)) await once(sent, 'drain');
      }
      sent.end();
    })();
    const { request, response } = await side;
    await delay(300);
    // What nobody read yet waits with the client: sockets and streams hold a few of its parts.
    expect(request.socket.bytesRead).toBeLessThan(8 * MEBIBYTE);
    const before = process.memoryUsage.rss();
    for await (const chunk of request) received += Buffer.byteLength(chunk);
    response.end('read');
    await finished;
    expect(received).toBe(100 * MEBIBYTE);
    expect((await answerTo(sent)).statusCode).toBe(200);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * MEBIBYTE);
  });

  it('streams 100 MiB to the client, no faster than it reads', async () => {
    let sentBytes = 0;
    gateway.upstream.answer = (_request, response) => {
      void (async () => {
        const part = Buffer.alloc(MEBIBYTE, 'x');
        for (let index = 0; index < 100; index++) {
          sentBytes += part.length;
          if (!response.write(part)) await once(response, 'drain');
        }
        response.end();
      })();
    };
    const sent = open('/kapacitor/v1/recordings');
    sent.end();
    const answer = await answerTo(sent);
    await delay(300);
    expect(sentBytes).toBeLessThan(32 * MEBIBYTE);
    let received = 0;
    for await (const chunk of answer) received += Buffer.byteLength(chunk);
    expect(received).toBe(100 * MEBIBYTE);
  });

  it('passes on an answer that comes before the whole request, which it reads to its end', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(413).end('too much');
    };
    const size = 50 * MEBIBYTE;
    const head = `POST /unread HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${String(size)}\r\n\r\n`;
    const answer = await gateway.send(head + 'x'.repeat(size));
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\ntoo much\r\n0\r\n\r\n$/s);
  });
});

describe.each([
  ['that enforces', {}],
  [
    'that only reports',
    { auth: { enforce: 'report' }, gateway: { upstreamAuthenticates: true } } as const,
  ],
])('a gateway %s', (_name, options) => {
  it('reads a body to its end if its request is refused for its head', async () => {
    const gateway = await StartedGateway.start(options);
    const size = 20 * MEBIBYTE;
    const head = `POST /kapacitor/v1/recordings HTTP/1.1\r\nHost: x\r\nHost: y\r\nAuthorization: ${login('amy').Authorization}\r\nContent-Length: ${String(size)}\r\n\r\n`;
    const client = connect(Number(new URL(gateway.server.url).port), '127.0.0.1');
    // Many clients read no answer before they have sent all.
    await new Promise<void>((resolve, reject) => {
      client.once('error', reject).write(head + 'x'.repeat(size), () => {
        resolve();
      });
    });
    const answer = await text(client);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*Host is there twice/s);
    expect(gateway.upstream.seen).toEqual([]);
    await gateway.stop();
  });
});

describe('a request that is larger than gateway.max-body-size', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start({ gateway: { maxBodySize: 10 } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each([
    ['says so', '12345678901'],
    ['turns out so', new Blob(['12345678901']).stream()],
  ])('is refused when it %s', async (_name, body) => {
    const init = { method: 'POST', body, duplex: 'half' as const };
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'root', init);
    expect(answer.status).toBe(413);
    const error = 'the request is larger than 10 bytes';
    await expect(answer.json()).resolves.toEqual({ error, message: error });
    expect(gateway.upstream.seen.filter(({ body: seen }) => seen !== '(broken off)')).toEqual([]);
  });

  it('is not one of just that size', async () => {
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'root', {
      method: 'POST',
      body: '1234567890',
    });
    expect(answer.status).toBe(200);
  });

  it('may be of any size with 0', async () => {
    const unlimited = await StartedGateway.start({ gateway: { maxBodySize: 0 } });
    const body = 'x'.repeat(MEBIBYTE);
    const answer = await unlimited.fetch('/kapacitor/v1/tasks', 'root', { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(unlimited.upstream.seen[0]?.body).toBe(body);
    await unlimited.stop();
  });
});
