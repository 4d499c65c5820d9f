import type { RejectedEvent } from '../../lib/index.js';
import { openAuth } from '../support/open-auth.js';

const request = { headers: {}, ip: '203.0.113.7', method: 'POST', url: '/login' };

describe('verifying a name and a password', () => {
  it('gives the user that a request with them has', async () => {
    const auth = openAuth();
    const user = await auth.verify('amy', 'amy-pw', request);
    expect(user.toJSON()).toEqual((await auth.find('amy'))?.toJSON());
  });

  it('is told to those who listen, and counted, like a request', async () => {
    const auth = openAuth();
    const told: unknown[] = [];
    auth.on('authenticated', (event) => told.push(event));
    auth.on('rejected', (event: RejectedEvent) => told.push(event));
    await auth.verify('amy', 'amy-pw', request);
    await expect(auth.verify('amy', 'wrong', request)).rejects.toMatchObject({
      code: 'ERR_KAUTH_FAILED',
      status: 401,
    });
    const facts = { address: '203.0.113.7', method: 'POST', path: '/login' };
    expect(told).toEqual([
      { user: 'amy', ...facts },
      { code: 'ERR_KAUTH_FAILED', status: 401, user: 'amy', ...facts },
    ]);
    expect(await auth.metrics.metrics()).toMatch(/outcome="rejected",code="ERR_KAUTH_FAILED"\} 1/);
  });

  it.each([
    ['nothing', undefined, undefined],
    ['a list, as a form sends that has a field twice', ['amy', 'root'], 'amy-pw'],
    ['an object', 'amy', { $ne: '' }],
  ])('refuses %s', async (_what, name, password) => {
    const { verify } = openAuth();
    const verified = Reflect.apply(verify, undefined, [name, password, request]) as unknown;
    await expect(verified).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
      status: 400,
    });
  });

  it('asks for the request, by whose address logins are throttled', async () => {
    const { verify } = openAuth();
    const verified = Reflect.apply(verify, undefined, ['amy', 'amy-pw']) as unknown;
    await expect(verified).rejects.toMatchObject({
      code: 'ERR_KAUTH_MISUSE',
      message: expect.stringContaining('auth.verify(name, password, request)') as unknown,
    });
  });

  it('lets everybody in as administrator while authentication is off', async () => {
    const auth = openAuth({ http: { authEnabled: false } });
    expect((await auth.verify('x', 'y', request)).name).toBe('ADMIN_USER');
  });

  it('costs an unknown name as much as a known one, and tells nothing of it', async () => {
    const auth = openAuth();
    const refusals = await Promise.all(
      ['amy', 'nobody', '~subscriber'].map((name) =>
        auth.verify(name, 'wrong', request).catch((error: unknown) => error),
      ),
    );
    expect(new Set(refusals.map((error) => String(error))).size).toBe(1);
  });
});
