import type { KapacitorAuth, UserUpdate } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { bearer, openAuth, people, SECRET } from '../../support/open-auth.js';
import { loginRequest as request, sessionsFor } from './begin-session.js';

describe('a session', () => {
  it('begins by a right password and is found by its value', async () => {
    const sessions = sessionsFor(openAuth());
    const { session, value } = await sessions.begin('amy', 'amy-pw', request);
    expect(session.user.name).toBe('amy');
    const found = await sessions.find(value);
    expect(found).toEqual({ ...session, renewed: undefined, isOf: expect.any(Function) });
    expect(found?.expiresAt).toBe(session.startedAt + 30 * 60_000);
  });

  it('begins by no wrong password', async () => {
    const sessions = sessionsFor(openAuth());
    await expect(sessions.begin('amy', 'wrong', request)).rejects.toMatchObject({
      code: 'ERR_KAUTH_FAILED',
    });
    await expect(sessions.begin('', 'wrong', request)).rejects.toMatchObject({
      code: 'ERR_KAUTH_USERNAME_REQUIRED',
    });
  });

  it.each<[what: string, change: UserUpdate, back: UserUpdate]>([
    ['disabled', { disabled: true }, { disabled: false }],
    ['of another type', { type: 'admin' }, { type: 'normal' }],
  ])('stays over once its user was %s, also if that is taken back', async (_what, change, back) => {
    const auth = openAuth();
    const { value } = await sessionsFor(auth).begin('amy', 'amy-pw', request);
    for (const each of [change, back]) {
      await auth.users?.update('amy', each);
      expect(await sessionsFor(auth).find(value)).toBeUndefined();
    }
  });

  it('is over after a log-out while its user was another one, which nobody told us', async () => {
    const store = new MemoryUserStore(people);
    const auth = openAuth({ store });
    const { value } = await sessionsFor(auth).begin('amy', 'amy-pw', request);
    await store.update('amy', { type: 'admin' });
    await sessionsFor(auth).end(value);
    await store.update('amy', { type: 'normal' });
    expect(await sessionsFor(auth).find(value)).toBeUndefined();
  });

  it('is over after the log-out', async () => {
    const sessions = sessionsFor(openAuth());
    const { value } = await sessions.begin('amy', 'amy-pw', request);
    const { value: other } = await sessions.begin('amy', 'amy-pw', request);
    await sessions.end(value);
    expect(await sessions.find(value)).toBeUndefined();
    expect(await sessions.find(other)).toBeDefined();
  });

  it('is no token, nor is a token a session', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const sessions = sessionsFor(auth);
    const { value } = await sessions.begin('amy', 'amy-pw', request);
    const headers = { authorization: `Bearer ${value}` };
    await expect(auth.authenticate({ headers })).rejects.toMatchObject({ status: 401 });
    const token = bearer('amy').slice('Bearer '.length);
    expect(await sessions.find(token)).toBeUndefined();
  });

  const changes: [string, (auth: KapacitorAuth) => Promise<unknown> | undefined][] = [
    ['a new password', (auth) => auth.users?.update('amy', { password: 'other' })],
    ['the same password anew', (auth) => auth.users?.update('amy', { password: 'amy-pw' })],
    ['a promotion', (auth) => auth.users?.update('amy', { type: 'admin' })],
    ['disabling', (auth) => auth.users?.update('amy', { disabled: true })],
    ['another name', (auth) => auth.users?.rename('amy', 'bea')],
    ['deletion', (auth) => auth.users?.delete('amy')],
  ];
  it.each(changes)('is over after %s', async (_, change) => {
    const auth = openAuth({ store: new MemoryUserStore(people) });
    const sessions = sessionsFor(auth);
    const { value } = await sessions.begin('amy', 'amy-pw', request);
    expect(await sessions.find(value)).toBeDefined();
    await change(auth);
    expect(await sessions.find(value)).toBeUndefined();
  });
});
