import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { login, StartedGateway } from './started-gateway.js';

/** The ways in which an answer that runs may end. */
const CUTS: Readonly<
  Record<string, (gateway: StartedGateway, upstream: ServerResponse) => Promise<unknown>>
> = {
  'the upstream breaks off': (_gateway, upstream) => Promise.resolve(upstream.destroy()),
  'the user is deleted': (gateway) =>
    gateway.fetch('/kapacitor/v1/users/amy', 'root', { method: 'DELETE' }),
};

describe('an answer that has begun', () => {
  let gateway: StartedGateway;

  beforeEach(async () => {
    gateway = await StartedGateway.start();
  });

  afterEach(async () => {
    await gateway.stop();
  });

  /** Returns how a client sees the connection end: by an error, or as an answer without length ends. */
  async function endOf(version: string, cut: keyof typeof CUTS): Promise<string> {
    const { Authorization: authorization } = login('amy');
    const begun = new Promise<ServerResponse>((resolve) => {
      gateway.upstream.answer = (_request, response) => {
        response.write('a part');
        resolve(response);
      };
    });
    const client = connect(Number(new URL(gateway.server.url).port), '127.0.0.1');
    const end = new Promise<string>((resolve) => {
      client.once('end', () => {
        resolve('the end');
      });
      client.once('error', ({ message }) => {
        resolve(message);
      });
    });
    client.write(
      `GET /kapacitor/v1/logs ${version}\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    const upstream = await begun;
    let received = '';
    while (!received.includes('a part')) received += String((await once(client, 'data'))[0]);
    client.resume();
    // Only what lasts is watched.
    await delay(100);
    await CUTS[cut]?.(gateway, upstream);
    const seen = await end;
    expect(received + seen).not.toContain('\r\n0\r\n');
    client.destroy();
    return seen;
  }

  it.each(Object.keys(CUTS))('does not look whole to HTTP/1.0 if %s', async (cut) => {
    await expect(endOf('HTTP/1.0', cut)).resolves.toBe('read ECONNRESET');
  });

  it.each(Object.keys(CUTS))('lacks its last chunk if %s', async (cut) => {
    await expect(endOf('HTTP/1.1', cut)).resolves.toBe('the end');
  });
});
