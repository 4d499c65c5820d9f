import { openAuth } from '../../support/open-auth.js';
import { beginSession, sessionsFor } from './begin-session.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const NOON = Date.UTC(2026, 10, 28, 12);

function setClock(time: number): void {
  jest.spyOn(Date, 'now').mockReturnValue(time);
}

beforeEach(() => {
  setClock(NOON);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a session in the course of time', () => {
  it.each([
    ['at once', 0, true],
    ['after 30 minutes less a millisecond', 30 * MINUTE - 1, true],
    ['after 30 minutes without a request', 30 * MINUTE, false],
    ['after 8 hours', 8 * HOUR, false],
    ['on a machine whose clock is a minute behind', -MINUTE, true],
    ['on a machine whose clock is further behind', -MINUTE - 1, false],
  ])('%s', async (_, after, isFound) => {
    const auth = openAuth();
    const { value } = await beginSession(auth);
    setClock(NOON + after);
    expect((await sessionsFor(auth).find(value)) !== undefined).toBe(isFound);
  });

  it('gives a new value once the old one is a minute old', async () => {
    const auth = openAuth();
    const sessions = sessionsFor(auth);
    const { value, session } = await beginSession(auth);
    setClock(NOON + MINUTE - 1);
    expect(await sessions.find(value)).toEqual({
      ...session,
      renewed: undefined,
      isOf: expect.any(Function),
    });
    setClock(NOON + MINUTE);
    const later = await sessions.find(value);
    expect(later).toMatchObject({ id: session.id, startedAt: NOON, expiresAt: NOON + 31 * MINUTE });
    const { renewed = '' } = later ?? {};
    setClock(NOON + 31 * MINUTE - 1);
    expect(await sessions.find(value)).toBeUndefined();
    expect((await sessions.find(renewed))?.id).toBe(session.id);
    expect(renewed).toHaveLength(value.length);
  });

  it('lasts 8 hours at most, however often it is used', async () => {
    const auth = openAuth();
    const sessions = sessionsFor(auth);
    let { value } = await beginSession(auth);
    for (let at = 20 * MINUTE; at < 8 * HOUR; at += 20 * MINUTE) {
      setClock(NOON + at);
      const session = await sessions.find(value);
      expect(session?.expiresAt).toBe(NOON + Math.min(at + 30 * MINUTE, 8 * HOUR));
      value = session?.renewed ?? '';
    }
    setClock(NOON + 8 * HOUR - 1);
    expect(await sessions.find(value)).toBeDefined();
    setClock(NOON + 8 * HOUR);
    expect(await sessions.find(value)).toBeUndefined();
  });

  it('is not prolonged by a log-out of another, and ends with its own in every value', async () => {
    const auth = openAuth();
    const sessions = sessionsFor(auth);
    const { value } = await beginSession(auth);
    setClock(NOON + 5 * MINUTE);
    const session = await sessions.find(value);
    if (session === undefined) throw new Error('the session is over');
    await sessions.end(value);
    expect(await sessions.find(session.renewed ?? '')).toBeUndefined();
    setClock(NOON - MINUTE);
    expect(await sessions.find(value)).toBeUndefined();
  });
});
