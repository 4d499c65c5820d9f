import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Listening } from '../../../lib/server/listen.js';
import { listen } from '../../../lib/server/listen.js';

/** A server whose answers have begun, and do not end. */
async function begin(request: number): Promise<Listening> {
  return listen(
    (received, response) => {
      received.resume();
      response.write('a part');
    },
    { host: '127.0.0.1', port: 0, timeouts: { keepAlive: 1_000, request } },
  );
}

async function answered({ url }: Listening, head: string): Promise<Socket> {
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  client.write(head);
  for (let received = ''; !received.includes('a part');) {
    received += String((await once(client, 'data'))[0]);
  }
  return client.resume();
}

/** Settles by an error, or by `the end` if an answer without a length would end so. */
async function endOf(client: Socket): Promise<string> {
  return new Promise((resolve) => {
    client.once('error', ({ message }) => {
      resolve(message);
    });
    client.once('end', () => {
      resolve('the end');
    });
  });
}

describe.each([
  ['HTTP/1.0', 'read ECONNRESET'],
  ['HTTP/1.1', 'the end'],
])('an answer to %s that is cut off', (version, expected) => {
  it('does not look whole if the server stops and waits no longer', async () => {
    const listening = await begin(0);
    const client = await answered(listening, `GET / ${version}\r\nHost: x\r\n\r\n`);
    const end = endOf(client);
    await listening.stop(1);
    await expect(end).resolves.toBe(expected);
    client.destroy();
  });

  it('does not look whole if the body of its request stops arriving', async () => {
    const listening = await begin(200);
    const head = `POST / ${version}\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345`;
    const client = await answered(listening, head);
    await expect(endOf(client)).resolves.toBe(expected);
    client.destroy();
    await listening.stop(0);
  });
});
