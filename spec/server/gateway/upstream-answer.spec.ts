import { request as httpRequest } from 'node:http';
import { login, StartedGateway } from './started-gateway.js';

describe('the upstream’s answer', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it('is passed on with its status and fields, but those of its connection', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(418, 'Short and stout', [
        ...['X-One', '1', 'X-One', '2', 'Set-Cookie', 'a=1', 'Keep-Alive', 'timeout=9'],
        ...['Connection', 'x-hop', 'X-Hop', 'here', 'X-Latin', '\u00fc'],
      ]);
      response.end(Buffer.from('tea'));
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
    expect([answer.status, answer.statusText]).toEqual([418, "I'm a Teapot"]);
    expect(answer.headers.get('x-one')).toBe('1, 2');
    expect(answer.headers.get('x-latin')).toBe('\u00fc');
    for (const name of ['set-cookie', 'x-hop']) expect(answer.headers.get(name)).toBeNull();
    await expect(answer.text()).resolves.toBe('tea');
  });

  it.each([204, 304])('without content (%i) stays without', async (status) => {
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(status).end();
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
    expect(answer.status).toBe(status);
    await expect(answer.text()).resolves.toBe('');
  });

  it.each(['0', '5'])('without content tells no length, though it told %s', async (length) => {
    gateway.upstream.answer = (_request, { socket }) => {
      socket?.end(`HTTP/1.1 204 No Content\r\nX-One: 1\r\nContent-Length: ${length}\r\n\r\n`);
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('x-one')).toBe('1');
    expect(answer.headers.get('content-length')).toBeNull();
  });

  it('to HEAD has its length and no content', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.setHeader('Content-Length', '12');
      response.end();
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy', { method: 'HEAD' });
    expect(answer.headers.get('content-length')).toBe('12');
  });

  it('may be preceded by others (103)', async () => {
    gateway.upstream.answer = (_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('late');
    };
    const answer = await gateway.fetch('/kapacitor/v1/ping', 'amy');
    await expect(answer.text()).resolves.toBe('late');
  });

  it('is waited for on one connection by several requests in turn', async () => {
    gateway.upstream.answer = (request, response) => void response.end(request.url);
    const { port } = new URL(gateway.server.url);
    const answers: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const path = `/kapacitor/v1/ping?${String(turn)}`;
      const text = await new Promise<string>((resolve, reject) => {
        const sent = httpRequest({ port, path, headers: login('amy') }, (response) => {
          response.setEncoding('utf8').once('data', resolve);
        });
        sent.on('error', reject).end();
      });
      answers.push(text);
    }
    expect(answers).toEqual([0, 1, 2].map((turn) => `/kapacitor/v1/ping?${String(turn)}`));
  });
});
