import { inspect } from 'node:util';
import type { KnownUser } from '../../lib/authenticate/known-requests.js';
import { KnownRequests } from '../../lib/authenticate/known-requests.js';
import { ADMIN_USER, resolveUser } from '../../lib/privileges/user.js';

const amy = resolveUser({ name: 'amy', type: 'normal', permissions: [] }, 'local');
const HEADER = 'Basic YW15OmFteS1wdw==';
let clock = 0;

beforeEach(() => {
  clock = 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const entry = { user: amy, login: 'amy', version: 1, expiresAt: 2000, tokenExpires: Infinity };

/** The memory, by headers. */
function knownHeaders(expiration: number) {
  const known = new KnownRequests(expiration);
  return {
    known,
    recall: (authorization: string, version: number) =>
      known.recall({ headers: { authorization } }, version),
    remember: (authorization: string, found: KnownUser) => {
      known.remember({ headers: { authorization } }, 'basic', found);
    },
  };
}

describe('credentials that are known', () => {
  it('are recognised by their whole text, and no other', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, entry);
    expect(known.recall(HEADER, 1)?.user).toBe(amy);
    for (const other of [`${HEADER} `, HEADER.toLowerCase(), HEADER.slice(1), '', 'x']) {
      expect(known.recall(other, 1)).toBeUndefined();
    }
  });

  it('count until they expire, even when the wall clock goes back', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, entry);
    jest.spyOn(Date, 'now').mockReturnValue(0);
    clock = 1999;
    expect(known.recall(HEADER, 1)?.user).toBe(amy);
    clock = 2000;
    expect(known.recall(HEADER, 1)).toBeUndefined();
  });

  it('count only for the users they were concluded from', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, entry);
    expect(known.recall(HEADER, 2)).toBeUndefined();
    known.remember(HEADER, { ...entry, user: ADMIN_USER, version: 2 });
    expect(known.recall(HEADER, 2)?.user).toBe(ADMIN_USER);
  });

  it('count no longer than the token in them', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, { ...entry, tokenExpires: 500 });
    const now = jest.spyOn(Date, 'now').mockReturnValue(499_999);
    expect(known.recall(HEADER, 1)?.user).toBe(amy);
    now.mockReturnValue(500_000);
    expect(known.recall(HEADER, 1)).toBeUndefined();
  });

  it('are not kept where nothing may be cached', () => {
    const known = knownHeaders(0);
    known.remember(HEADER, entry);
    expect(known.recall(HEADER, 1)).toBeUndefined();
  });

  it('are so many and no more, those who come again before those who do not', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, entry);
    for (let index = 0; index < 40_000; index += 1) {
      known.remember(`Basic ${String(index)}`, entry);
      known.recall(HEADER, 1);
    }
    const kept = Array.from({ length: 40_000 }, (_, index) =>
      known.recall(`Basic ${String(index)}`, 1),
    );
    expect(kept.filter((user) => user !== undefined)).toHaveLength(32_767);
    expect(kept[0]).toBeUndefined();
    expect(known.recall(HEADER, 1)?.user).toBe(amy);
  });

  it('are not kept as text', () => {
    const known = knownHeaders(1000);
    known.remember(HEADER, entry);
    expect(inspect(known.known, { depth: 10, showHidden: true })).not.toContain('YW15');
  });
});
