import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { KapacitorAuth, Users } from '../../lib/index.js';
import { adminPages } from '../../lib/index.js';
import { sessionsFor } from '../authenticate/sessions/begin-session.js';
import { openAuth } from '../support/open-auth.js';

const FORM = 'name=late&password=late-word&type=admin';

/** A form to add an administrator, of which the first byte is sent; `finish` sends the rest. */
async function beginForm(auth: KapacitorAuth) {
  const { value } = await sessionsFor(auth).begin('root', 'root-pw', {
    headers: {},
    method: 'POST',
    url: '/admin/login',
  });
  const server = express().use(adminPages(auth)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sent = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/admin/users/new',
    headers: {
      Cookie: `kauth=${value}`,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': FORM.length,
    },
  });
  const arrived = once(server, 'request');
  sent.write(FORM.slice(0, 1));
  await arrived;
  // The session was found by now, or is as soon as the server reads on.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    value,
    finish: async () => {
      const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
      sent.end(FORM.slice(1));
      const response = await answered;
      response.resume();
      server.close();
      return { status: response.statusCode, to: response.headers.location };
    },
  };
}

describe('a form whose head came before the end of its session', () => {
  it('counts as long as the session does', async () => {
    const auth = openAuth();
    const { finish } = await beginForm(auth);
    expect((await finish()).to).toBe('/admin/user?name=late&done=created');
  });

  it.each<[end: string, change: (users: Users, auth: KapacitorAuth, value: string) => unknown]>([
    ['a log-out', (_users, auth, value) => sessionsFor(auth).end(value)],
    ['the end of all sessions', (users) => users.endSessions('root')],
    ['a new password', (users) => users.update('root', { password: 'another' })],
    [
      'another user of this name',
      async (users) => {
        await users.create({ name: 'other', password: 'x', type: 'admin' });
        await users.delete('root');
        await users.create({ name: 'root', password: 'root-pw', type: 'admin' });
      },
    ],
  ])('does not count after %s', async (_end, change) => {
    const auth = openAuth();
    const { value, finish } = await beginForm(auth);
    if (auth.users === undefined) throw new Error('there are no users to change');
    await change(auth.users, auth, value);
    const to = '/admin/login?done=over&next=%2Fusers%2Fnew';
    expect(await finish()).toEqual({ status: 303, to });
    expect(await auth.users.get('late')).toBeUndefined();
  });
});
