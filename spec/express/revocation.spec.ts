import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { z } from 'zod';
import type {
  KapacitorAuth,
  KapacitorAuthError,
  RevocationOptions,
  RunningRequest,
} from '../../lib/index.js';
import { AuthorizationError, judgeApiRequest, MisuseError } from '../../lib/index.js';
import { basic, openAuth } from '../support/open-auth.js';
import { until } from '../support/until.js';

function requestOf(authorization?: string): RunningRequest {
  return { headers: authorization === undefined ? {} : { authorization }, method: 'GET', url: '/' };
}

const AMY = basic('amy', 'amy-pw');

async function watched(
  auth: KapacitorAuth,
  options?: RevocationOptions,
  request: RunningRequest = requestOf(AMY),
): Promise<KapacitorAuthError[]> {
  if (request.user === undefined) await auth.authenticate(request);
  const reasons: KapacitorAuthError[] = [];
  auth.onRevoked(request, (reason) => reasons.push(reason), options);
  return reasons;
}

/** The reason for which a listener is called, or nothing if the last change ends another stream first. */
async function reasonAfter(
  change: (auth: KapacitorAuth) => unknown,
  { options, session = false }: { options?: RevocationOptions; session?: boolean } = {},
): Promise<KapacitorAuthError[]> {
  const auth = openAuth();
  await auth.users?.create({ name: 'eve', password: 'eve-pw' });
  const user = session ? await auth.find('amy') : undefined;
  const reasons = await watched(auth, options, session ? { ...requestOf(), user } : requestOf(AMY));
  const eve = await watched(auth, {}, requestOf(basic('eve', 'eve-pw')));
  await change(auth);
  await auth.users?.update('eve', { password: 'another one' });
  await until('the listener is called', () => eve.length > 0);
  return reasons;
}

const newPassword = (auth: KapacitorAuth): unknown =>
  auth.users?.update('amy', { password: 'a new one' });
const deletion = (auth: KapacitorAuth): unknown => auth.users?.delete('amy');
const loss = (auth: KapacitorAuth): unknown =>
  auth.users?.update('amy', { permissions: ['write_points'] });
const gain = (auth: KapacitorAuth): unknown =>
  auth.users?.update('amy', { permissions: ['api', 'write_points'] });
const promotion = (auth: KapacitorAuth): unknown => auth.users?.update('amy', { type: 'admin' });
const reading = {
  judge: (user: Parameters<NonNullable<RevocationOptions['judge']>>[0]) =>
    judgeApiRequest(user, 'GET', '/kapacitor/v1/tasks'),
};
const pinging = {
  judge: (user: Parameters<NonNullable<RevocationOptions['judge']>>[0]) =>
    user.can('read', '/api/ping'),
};

describe('auth.onRevoked', () => {
  it.each([
    ['a new password', newPassword, {}, 'ERR_KAUTH_FAILED'],
    ['a deleted user', deletion, {}, 'ERR_KAUTH_FAILED'],
    ['a right less', loss, {}, 'ERR_KAUTH_FORBIDDEN'],
    ['a right less that the request needs', loss, { options: reading }, 'ERR_KAUTH_FORBIDDEN'],
    ['a session of a deleted user', deletion, { session: true }, 'ERR_KAUTH_FAILED'],
    ['a session with a right less', loss, { session: true }, 'ERR_KAUTH_FORBIDDEN'],
  ])('tells of %s', async (_name, change, how, code) => {
    expect(await reasonAfter(change, how)).toMatchObject([{ code }]);
  });

  it.each([
    ['a right more', gain, {}],
    ['a promotion', promotion, {}],
    ['a right less that the request does not need', loss, { options: pinging }],
    ['a new password of a session', newPassword, { session: true }],
  ])('does not tell of %s', async (_name, change, how) => {
    expect(await reasonAfter(change, how)).toEqual([]);
  });

  it('takes a failing or a false judgement for a refusal', async () => {
    const failure = new Error('of the app');
    const thrown = await reasonAfter(gain, {
      options: {
        judge: () => Promise.reject(failure),
      },
    });
    expect(thrown).toMatchObject([{ code: 'ERR_KAUTH_FORBIDDEN', cause: failure }]);
    const refused = await reasonAfter(gain, { options: { judge: () => false } });
    expect(refused[0]).toBeInstanceOf(AuthorizationError);
  });

  it('misses no change between the judgement of a request and the call', async () => {
    const auth = openAuth();
    const request = { ...requestOf(AMY), user: await auth.authenticate(requestOf(AMY)) };
    await loss(auth);
    const reasons: KapacitorAuthError[] = [];
    auth.onRevoked(request, (reason) => reasons.push(reason));
    await until('the listener is called', () => reasons.length > 0);
    const late = requestOf(AMY);
    await auth.authenticate(late);
    await deletion(auth);
    auth.onRevoked(late, (reason) => reasons.push(reason));
    await until('the listener is called', () => reasons.length > 1);
    expect(reasons.map(({ code }) => code)).toEqual(['ERR_KAUTH_FORBIDDEN', 'ERR_KAUTH_FAILED']);
  });

  it('goes on for a request that needs no user', async () => {
    const auth = openAuth({ optional: true });
    const anonymous: KapacitorAuthError[] = [];
    auth.onRevoked(requestOf(), (reason) => anonymous.push(reason));
    const reasons = await watched(auth);
    await deletion(auth);
    await until('the listener is called', () => reasons.length > 0);
    expect(anonymous).toEqual([]);
  });

  it('works without a memory of credentials', async () => {
    const auth = openAuth({ auth: { enabled: true, bcryptCost: 4, cacheExpiration: '0s' } });
    const reasons = await watched(auth);
    await newPassword(auth);
    await until('the listener is called', () => reasons.length > 0);
    expect(reasons).toMatchObject([{ code: 'ERR_KAUTH_FAILED' }]);
  });

  it('calls the others if a listener fails, and logs that', async () => {
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const auth = openAuth({ logger: { info: say, warn: say, error: say } });
    const request = requestOf(AMY);
    await auth.authenticate(request);
    auth.onRevoked(request, () => {
      throw new RangeError('with a secret');
    });
    const reasons = await watched(auth);
    await deletion(auth);
    await until('the listener is called', () => reasons.length > 0);
    expect(said).toEqual([expect.stringContaining('"onRevoked" failed (RangeError)')]);
  });

  it('never calls while nothing is enforced, or after the middleware was closed', async () => {
    const open = openAuth({ http: { authEnabled: false }, auth: { enabled: true, bcryptCost: 4 } });
    const reasons = await watched(open);
    await deletion(open);
    const closed = openAuth();
    reasons.push(...(await watched(closed)));
    await closed.close();
    closed.onRevoked(requestOf(AMY), (reason) => reasons.push(reason));
    await delay(50);
    expect(reasons).toEqual([]);
  });

  it('is refused without a request, without a listener, and with options that do not exist', () => {
    const auth = openAuth();
    const call = (...given: unknown[]): unknown => Reflect.apply(auth.onRevoked, auth, given);
    expect(() => call()).toThrow(MisuseError);
    expect(() => call(requestOf(AMY))).toThrow(MisuseError);
    expect(() => call(requestOf(AMY), () => undefined, { privilege: 'read' })).toThrow(
      'its options are judge',
    );
  });

  it('leaves no listener behind at a connection that is kept', async () => {
    const auth = openAuth();
    const counts: number[] = [];
    const app = express().use(auth, (request, response) => {
      response.on(
        'close',
        auth.onRevoked(request, () => response.destroy()),
      );
      counts.push(
        request.socket
          .eventNames()
          .reduce((sum, name) => sum + request.socket.listenerCount(name), 0),
      );
      response.end();
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    for (let index = 1; index <= 20; index++) {
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: ${AMY}\r\n\r\n`);
      await until('the answers are there', () => text.split('HTTP/1.1 200').length > index);
    }
    socket.destroy();
    server.close();
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});
