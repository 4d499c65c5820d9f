import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { StartedGateway } from './started-gateway.js';

/** Ways by which an upstream sends a body. */
const WAYS: Readonly<Record<string, (response: ServerResponse, body: Buffer) => void>> = {
  'in one piece': (response, body) => {
    response.writeHead(200, { 'Content-Length': body.length }).end(body);
  },
  'in two pieces': (response, body) => {
    response.writeHead(200, { 'Content-Length': body.length }).write(body.subarray(0, 1));
    setImmediate(() => response.end(body.subarray(1)));
  },
  'without its length': (response, body) => {
    response.write(body);
    response.end();
  },
};

const SIZES = [0, 1, 255, 8_191, 8_192, 8_193, 16_384, 100_000];

describe('the answer of an upstream', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each(Object.keys(WAYS).flatMap((way) => SIZES.map((size) => [size, way] as const)))(
    'reaches the client as it is: %i bytes %s',
    async (size, way) => {
      // All bytes that there are, so that none is taken for text.
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const body = Buffer.concat([every, randomBytes(size)]).subarray(0, size);
      gateway.upstream.answer = (_request, response) => {
        WAYS[way]?.(response, body);
      };
      for (let again = 0; again < 2; again += 1) {
        const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
        const received = Buffer.from(await answer.arrayBuffer());
        expect(received.equals(body)).toBe(true);
      }
    },
  );

  it('keeps its order among the answers of requests that were sent at once', async () => {
    gateway.upstream.answer = (request, response) => {
      const body = `<${request.url ?? ''}>`;
      setTimeout(
        () => response.writeHead(200, { 'Content-Length': body.length }).end(body),
        request.url?.endsWith('0') === true ? 50 : 0,
      );
    };
    const requests = [0, 1, 2, 3].map(
      (number) =>
        `GET /kapacitor/v1/ping?limit=${String(number)} HTTP/1.1\r\nHost: x\r\n` +
        `Authorization: Basic ${Buffer.from('root:root-password').toString('base64')}\r\n` +
        `${number === 3 ? 'Connection: close\r\n' : ''}\r\n`,
    );
    const [first = '', ...others] = requests;
    const sent = first.replace(/Authorization:.*\r\n/, '') + others.join('');
    const answers = await gateway.send(sent);
    expect(answers.match(/<[^>]*>/g)).toEqual(
      [0, 1, 2, 3].map((number) => `</kapacitor/v1/ping?limit=${String(number)}>`),
    );
  });

  it('has no body if only its head was asked for, however long it would be', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': 5 }).end('12345');
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy', { method: 'HEAD' });
    expect(answer.headers.get('content-length')).toBe('5');
    expect(await answer.text()).toBe('');
  });

  it('is broken off if the upstream ends it before its length', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 }).write('12345');
      setTimeout(() => response.destroy(), 20);
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
    await expect(answer.text()).rejects.toThrow();
  });
});
