import { sessionKeys } from '../../../lib/authenticate/sessions/session-keys.js';
import { writeValue } from '../../../lib/authenticate/sessions/session-value.js';
import { MemoryUserStore } from '../../../lib/index.js';
import type { BcryptRuns } from '../../support/count-bcrypt.js';
import { openAuth, people, SECRET } from '../../support/open-auth.js';
import { beginSession, sessionsFor } from './begin-session.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../../support/count-bcrypt.js')>('../../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

/** The value of a session of amy. */
function valueOf(id: string, startedAt: number): string {
  const user = { hash: '', type: 'normal', sessions: '' };
  return writeValue({ name: 'amy', id, startedAt, usedAt: startedAt }, user, sessionKeys(SECRET));
}

/** Users that are looked up at each request, and the names that were looked up. */
function openCounted() {
  const store = new MemoryUserStore(people);
  const lookedUp = jest.spyOn(store, 'find');
  const auth = openAuth({
    store,
    http: { authEnabled: true, sharedSecret: SECRET },
    auth: { enabled: true, bcryptCost: 4, cacheExpiration: '1ns' },
  });
  return { auth, lookedUp };
}

describe('values that nobody made here', () => {
  it('cause no look-up and no bcrypt, whatever they hold', async () => {
    const { auth, lookedUp } = openCounted();
    const sessions = sessionsFor(auth);
    const { value } = await beginSession(auth);
    const foreign = openAuth({ http: { authEnabled: true, sharedSecret: `${SECRET}!` } });
    const alone = openAuth();
    const garbage = [
      ...['', '1', '1..', 'amy', '__proto__', '1.YW15.', 'x'.repeat(100_000)],
      `1.YW15.${'A'.repeat(96)}`,
      `2${value.slice(1)}`,
      (await beginSession(foreign)).value,
      (await beginSession(alone)).value,
      ...Array.from(value, (_, at) => value.slice(0, at)),
      ...Array.from(value, (own, at) => {
        return `${value.slice(0, at)}${own === 'x' ? 'y' : 'x'}${value.slice(at + 1)}`;
      }),
    ];
    lookedUp.mockClear();
    runs.forget();
    const found = await Promise.all(garbage.map((each) => sessions.find(each)));
    expect(found.filter((session) => session !== undefined)).toEqual([]);
    expect(lookedUp).not.toHaveBeenCalled();
    // The session itself is looked up, and costs no bcrypt either.
    expect(await sessions.find(value)).toBeDefined();
    expect(lookedUp).toHaveBeenCalledTimes(1);
    expect(runs.compared).toEqual([]);
  });

  it('cause none either if they are of sessions that are over', async () => {
    const { auth, lookedUp } = openCounted();
    const { value } = await beginSession(auth);
    lookedUp.mockClear();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 3_600_000);
    expect(await sessionsFor(auth).find(value)).toBeUndefined();
    jest.restoreAllMocks();
    expect(lookedUp).not.toHaveBeenCalled();
  });
});

describe('100,000 log-outs', () => {
  it('take bounded room, and no session comes back', async () => {
    // Nobody can end all sessions of a user there: the source is read-only.
    const inner = new MemoryUserStore(people);
    await inner.open();
    const auth = openAuth({
      http: { authEnabled: true, sharedSecret: SECRET },
      store: { find: (name) => inner.find(name) },
    });
    const sessions = sessionsFor(auth);
    const first = await beginSession(auth);
    const kept = await beginSession(auth);
    await sessions.end(first.value);
    for (let each = 0; each < 100_000; each += 1) {
      const value = valueOf(String(each).padStart(16, 'A'), first.session.startedAt);
      await sessions.end(value);
    }
    expect(await sessions.find(first.value)).toBeUndefined();
    // There was no room to tell it apart.
    expect(await sessions.find(kept.value)).toBeUndefined();
    const later = await beginSession(auth);
    expect(await sessions.find(later.value)).toBeDefined();
  });
});
