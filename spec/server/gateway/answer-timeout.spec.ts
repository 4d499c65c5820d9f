import type { IncomingMessage, RequestListener } from 'node:http';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { answerTimeout } from '../../../lib/server/gateway/answer-timeout.js';
import { login, StartedGateway } from './started-gateway.js';

const QUIET = 600;

describe('an upstream that is quiet', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start({ gateway: { timeout: '300ms', writeTimeout: '2s' } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const answerAfter =
    (milliseconds: number): RequestListener =>
    (_request, response) => {
      setTimeout(() => response.end('at last'), milliseconds);
    };

  it.each([
    ['GET', '/kapacitor/v1/logs?lvl=error'],
    ['GET', '/kapacitor/v1preview/logs'],
    ['GET', '/kapacitor/v1preview/%6Cogs/x'],
    ['GET', '/kapacitor/v1/debug/pprof/profile?seconds=90'],
    ['GET', '/debug/pprof/trace'],
    ['POST', '/kapacitor/v1/write?db=x'],
    ['POST', '/write?db=x'],
  ])('is waited for: %s %s', async (method, path) => {
    gateway.upstream.answer = answerAfter(QUIET);
    const body = method === 'POST' ? 'cpu v=1' : null;
    const answer = await gateway.fetch(path, 'root', { method, body });
    expect(answer.status).toBe(200);
    await expect(answer.text()).resolves.toBe('at last');
  });

  it.each([
    ['GET', '/kapacitor/v1/tasks'],
    ['GET', '/kapacitor/v1/logsx'],
    ['GET', '/kapacitor/v1/tasks/logs'],
    ['POST', '/kapacitor/v1/logs'],
    ['PATCH', '/kapacitor/v1/write'],
    ['DELETE', '/kapacitor/v1/tasks/x'],
  ])('is 504 soon: %s %s', async (method, path) => {
    gateway.upstream.answer = answerAfter(QUIET + 1_500);
    const body = method === 'GET' || method === 'DELETE' ? null : '{}';
    const answer = await gateway.fetch(path, 'root', { method, body });
    expect(answer.status).toBe(504);
    expect(gateway.log.requests.at(-1)).toMatchObject({ code: 'ERR_KAUTH_UPSTREAM_TIMEOUT' });
  });

  it('is one that answers no write within its own limit', async () => {
    gateway.upstream.answer = answerAfter(10_000);
    const answer = await gateway.fetch('/write?db=x', 'root', { method: 'POST', body: 'cpu v=1' });
    expect(answer.status).toBe(504);
  });

  function open(path: string): ReturnType<typeof httpRequest> {
    return httpRequest(gateway.server.url + path, { method: 'POST', headers: login('root') });
  }

  it('is not so while the client still sends', async () => {
    gateway.upstream.answer = answerAfter(10);
    const sent = open('/kapacitor/v1/tasks');
    const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    for (let part = 0; part < 5; part++) {
      sent.write('part');
      await delay(200);
    }
    sent.end();
    expect((await answered).resume().statusCode).toBe(200);
  });

  it('is so when it reads no more', async () => {
    gateway.upstream.answer = () => undefined;
    const sent = open('/unread');
    const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    sent.on('error', () => undefined);
    sent.write(Buffer.alloc(20_000_000));
    expect((await answered).resume().statusCode).toBe(504);
    sent.destroy();
  });
});

it('is waited for without end only where answers may be without end', () => {
  const limits = { timeout: 1, writeTimeout: 2 };
  const path = fc
    .array(
      fc.constantFrom(
        '/kapacitor',
        '/v1',
        '/v1preview',
        '/logs',
        '/debug',
        '/pprof',
        '/write',
        '/x',
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(path, fc.constantFrom('GET', 'POST', 'PUT'), (judged, method) => {
      const place = judged.replace(/^\/kapacitor\/v1(?:preview)?(?=\/)/, '');
      const isEndless = method === 'GET' && /^\/(?:logs|debug\/pprof)(?:\/|$)/.test(place);
      const isWrite = method === 'POST' && /^\/write(?:\/|$)/.test(place);
      const limit = isEndless ? 0 : isWrite ? 2 : 1;
      expect(answerTimeout(limits, method, judged)).toBe(limit);
    }),
  );
});
