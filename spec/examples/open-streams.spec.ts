import './surroundings.js';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { auth, server } from '../../fixtures/examples/open-streams.js';
import { basic } from '../support/open-auth.js';

let port: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = z.object({ port: z.number() }).parse(server.address()).port;
});

afterAll(async () => {
  server.close();
  await auth.close();
});

function upgrade(name: string): ReturnType<typeof connect> {
  const socket = connect(port, '127.0.0.1');
  const authorization = basic(name, `${name}-pw`);
  socket.write(
    `GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\nAuthorization: ${authorization}\r\n\r\n`,
  );
  return socket;
}

describe('the example of open streams', () => {
  it('ends server-sent events and a socket when the user loses what they need', async () => {
    const sent = httpRequest({ port, path: '/events', auth: 'amy:amy-pw', agent: false });
    const answered = once(sent, 'response');
    sent.end();
    const answer = z.tuple([z.custom<NodeJS.ReadableStream>()]).parse(await answered)[0];
    expect(String(await once(answer, 'data'))).toBe('data: hello\n\n');
    const socket = upgrade('amy');
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 101 /);
    const cut = once(answer, 'error');
    const closed = once(socket, 'close');
    await auth.users?.update('amy', { permissions: [] });
    await expect(cut).resolves.toMatchObject([{ code: 'ECONNRESET' }]);
    await closed;
  });

  it('lets no socket in whose user may not', async () => {
    expect(await text(upgrade('bob'))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await text(upgrade('nobody'))).toMatch(/^HTTP\/1\.1 401 /);
  });
});
