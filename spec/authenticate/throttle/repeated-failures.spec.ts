import type { KapacitorAuth } from '../../../lib/index.js';
import { basic, openAuth } from '../../support/open-auth.js';
import { steadyClock } from '../../support/steady-clock.js';

// Refusals are held by the clock of the world, of which this has no need.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const clock = steadyClock();
const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.8';
const FAILED = 'ERR_KAUTH_FAILED';
const THROTTLED = 'ERR_KAUTH_THROTTLED';
const range = (length: number) => Array.from({ length }, (_, index) => index);

/** The name that was let in, or the code of the refusal. */
async function login(auth: KapacitorAuth, name: string, password: string, ip: string) {
  const headers = { authorization: basic(name, password) };
  return Promise.resolve(auth.authenticate({ headers, ip })).then(
    (user) => user.name,
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('one and the same wrong password', () => {
  it('counts once a window, so that an agent which goes on with it locks out nobody', async () => {
    const auth = openAuth();
    for (const time of range(200)) {
      expect([time, await login(auth, 'amy', 'old', HERE)]).toEqual([time, FAILED]);
    }
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe('amy');
    for (const guess of range(10)) await login(auth, 'amy', `guess ${String(guess)}`, HERE);
    expect(await login(auth, 'amy', 'old', HERE)).toBe(THROTTLED);
    clock.pass(60_001);
    expect(await login(auth, 'amy', 'old', HERE)).toBe(FAILED);
  });

  it('counts for each name and each address', async () => {
    const auth = openAuth({ throttle: { failuresPerAddress: 3, failuresPerUser: 2 } });
    for (const name of ['amy', 'root', 'nobody']) await login(auth, name, 'x', HERE);
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe(THROTTLED);
    expect(await login(auth, 'amy', 'x', ELSEWHERE)).toBe(FAILED);
    expect(await login(auth, 'amy', 'y', ELSEWHERE)).toBe(FAILED);
    expect(await login(auth, 'amy', 'amy-pw', ELSEWHERE)).toBe(THROTTLED);
  });
});
