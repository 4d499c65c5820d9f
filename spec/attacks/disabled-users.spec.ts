import type { KapacitorAuth, StoredUser, UserSource } from '../../lib/index.js';
import {
  AuthenticationError,
  MemoryUserStore,
  ThrottledError,
  UserNotFoundError,
} from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const HTTP = { authEnabled: true, sharedSecret: SECRET };
/** Of the password `pw`. */
const HASH = '$2a$04$8DVcJv4NHBjXQGBeQbqsm.qlSa2JV91HIZyf6v1izjk4Y0FwM/ZgO';

const ip = '203.0.113.7';

function withAmy(more: object = {}) {
  const [root, amy] = people;
  return openAuth({ http: HTTP, store: new MemoryUserStore([root, { ...amy, ...more }]) });
}

/** All that a client sees of an attempt, and the work that it cost. */
async function attempt(auth: KapacitorAuth, authorization: string) {
  runs.forget();
  try {
    const { name } = await auth.authenticate({ headers: { authorization }, ip });
    return { outcome: name, compared: [...runs.compared] };
  } catch (error) {
    if (!(error instanceof AuthenticationError) && !(error instanceof ThrottledError)) throw error;
    const { name, code, status, message, headers } = error;
    return { outcome: { name, code, status, message, headers }, compared: [...runs.compared] };
  }
}

describe('a disabled user', () => {
  it('is refused like a wrong password and like nobody: same text, same status, same work', async () => {
    const auth = withAmy({ disabled: true });
    const wrong = await attempt(auth, basic('root', 'wrong'));
    expect(wrong).toMatchObject({ outcome: { status: 401 }, compared: [4] });
    expect(await attempt(auth, basic('amy', 'amy-pw'))).toEqual(wrong);
    expect(await attempt(auth, basic('amy', 'wrong'))).toEqual(wrong);
    expect(await attempt(auth, basic('nobody', 'amy-pw'))).toEqual(wrong);
    // Each is remembered as wrong, and then costs nothing.
    const again = { ...wrong, compared: [] };
    for (const [name, password] of [
      ['root', 'wrong'],
      ['amy', 'amy-pw'],
      ['amy', 'wrong'],
    ] as const)
      expect(await attempt(auth, basic(name, password))).toEqual(again);
  });

  it.each(['right before', 'never seen'])(
    'can not be told by the time of a password that was %s',
    async (kind) => {
      const auth = withAmy();
      if (kind === 'right before') {
        expect((await attempt(auth, basic('amy', 'amy-pw'))).outcome).toBe('amy');
      }
      await auth.users?.update('amy', { disabled: true });
      const wrong = await attempt(auth, basic('amy', 'wrong'));
      expect(wrong.compared).toEqual([4]);
      expect(await attempt(auth, basic('amy', 'amy-pw'))).toEqual(wrong);
    },
  );

  it('counts for the throttle like a wrong password', async () => {
    const codes = async (auth: KapacitorAuth) => {
      const seen: unknown[] = [];
      for (let tries = 0; tries < 12; tries++) {
        const { outcome } = await attempt(auth, basic('amy', `wrong ${String(tries)}`));
        seen.push(typeof outcome === 'string' ? outcome : outcome.code);
      }
      return seen;
    };
    const enabled = await codes(withAmy());
    expect(enabled).toContain('ERR_KAUTH_THROTTLED');
    expect(await codes(withAmy({ disabled: true }))).toEqual(enabled);
  });

  it('loses remembered requests, tokens and sessions at once, and has them again when enabled', async () => {
    const auth = withAmy();
    const credentials = [basic('amy', 'amy-pw'), bearer('amy')];
    const session = async () => (await auth.find('amy'))?.name;
    const form = () => auth.verify('amy', 'amy-pw', { headers: {}, ip });
    for (const each of credentials) expect((await attempt(auth, each)).outcome).toBe('amy');
    expect(await session()).toBe('amy');

    await auth.users?.update('amy', { disabled: true });
    for (const each of credentials) {
      expect((await attempt(auth, each)).outcome).toMatchObject({
        code: 'ERR_KAUTH_FAILED',
        message: 'authorization failed',
      });
    }
    expect(await session()).toBeUndefined();
    await expect(form()).rejects.toMatchObject({ code: 'ERR_KAUTH_FAILED' });

    await auth.users?.update('amy', { disabled: false });
    for (const each of credentials) expect((await attempt(auth, each)).outcome).toBe('amy');
    expect(await session()).toBe('amy');
    await expect(form()).resolves.toMatchObject({ name: 'amy' });
  });

  it('does not get in if it is disabled while bcrypt runs', async () => {
    const auth = withAmy();
    await auth.ready();
    const login = attempt(auth, basic('amy', 'amy-pw'));
    await auth.users?.update('amy', { disabled: true });
    expect((await login).outcome).toMatchObject({ code: 'ERR_KAUTH_FAILED' });
  });

  it('is found by those who show users, and explained', async () => {
    const auth = withAmy({ disabled: true });
    expect((await auth.find('amy', { disabled: true }))?.can('read', '/api/tasks')).toBe(true);
    expect(await auth.find('nobody', { disabled: true })).toBeUndefined();
    const request = ['GET', '/kapacitor/v1/tasks'] as const;
    expect(await auth.explain('amy', ...request)).toMatchObject({
      user: { name: 'amy', disabled: true },
      allowed: false,
      refusal: {
        status: 401,
        code: 'ERR_KAUTH_FAILED',
        message: expect.stringMatching(/^user amy is disabled/),
      },
      rules: [{ allowed: true }],
      remedies: [],
    });
    await expect(auth.explain('nobody', ...request)).rejects.toThrow(UserNotFoundError);
  });
});

describe('a source of one’s own that may be stale', () => {
  it('is asked again about a user who is disabled, or enabled by now', async () => {
    const user: StoredUser = { name: 'amy', type: 'normal', permissions: [], hash: HASH };
    let disabled = true;
    const store: UserSource = { mayBeStale: true, find: () => ({ ...user, disabled }) };
    const auth = openAuth({ store });
    const login = async () => (await attempt(auth, basic('amy', 'pw'))).outcome;
    expect(await login()).toMatchObject({ code: 'ERR_KAUTH_FAILED' });
    disabled = false;
    expect(await login()).toBe('amy');
  });

  it('is not asked about the password of a disabled user', async () => {
    const verify = jest.fn(() => true);
    const user: StoredUser = {
      name: 'amy',
      type: 'normal',
      permissions: [],
      hash: '',
      disabled: true,
    };
    const auth = openAuth({ store: { find: () => user, verify } });
    expect((await attempt(auth, basic('amy', 'pw'))).outcome).toMatchObject({ status: 401 });
    expect(verify).not.toHaveBeenCalled();
  });
});
