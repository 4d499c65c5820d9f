import fc from 'fast-check';
import type { JudgeOptions } from '../../lib/privileges/api-decision.js';
import { rememberAllowed, wasAllowed } from '../../lib/privileges/decision-memory.js';
import { judgeApiRequest } from '../../lib/privileges/judge.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';

const PING = '/kapacitor/v1/ping';

const makers: readonly (() => KapacitorUser)[] = [
  () => userOf({ '/api': ['read'], '/api/config': ['none'] }),
  () => userOf({ '/api/tasks': ['all'], '/api/TASKS': ['read'], '/database/d': ['write'] }),
  () => userOf({ '/api/write': ['write'], '/database/d': ['write'] }),
];

function userOf(privileges: KapacitorUser['privileges']): KapacitorUser {
  return resolveUser({ name: 'amy', type: 'normal', permissions: [], privileges }, 'meta');
}

/** The outcome of a request, in one word. */
function outcome(user: KapacitorUser, method: string, target: string, options: JudgeOptions) {
  try {
    return judgeApiRequest(user, method, target, options);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe('requests that were allowed before', () => {
  it('are judged as by a user who was never asked about, whatever was asked before', () => {
    const request = fc.record({
      who: fc.nat(makers.length - 1),
      method: fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS', 'TRACE'),
      target: fc
        .tuple(
          fc.constantFrom('', '/kapacitor/v1', '/KAPACITOR/V1'),
          fc.constantFrom('/tasks', '/TASKS', '/t%61sks', '/config', '/write', '/', '/../config'),
          fc.constantFrom('', '', '?db=d', '?db=other', '?u=amy&p=x'),
        )
        .map((parts) => parts.join('')),
      caseSensitive: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 2, maxLength: 30 }), (requests) => {
        const users = makers.map((make) => make());
        for (const { who, method, target, caseSensitive } of requests) {
          const fresh = makers[who]?.();
          const asked = users[who];
          if (fresh === undefined || asked === undefined) throw new RangeError('no such user');
          const options = { caseSensitive };
          expect(outcome(asked, method, target, options)).toBe(
            outcome(fresh, method, target, options),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a path', 'GET', PING, true],
    ['a query, which may hold credentials', 'GET', `${PING}?u=amy&p=secret`, false],
    ['another spelling', 'GET', '/kapacitor/v1/p%69ng', false],
    ['the token of a subscription', 'GET', '/subscribe/secret/write', false],
    ['a token below another path', 'GET', '/svc/SUBSCRIBE/secret', false],
    ['a token behind two layers of encoding', 'GET', '/%2573ubscribe/secret', false],
    ['a token behind a look-alike', 'GET', '/kapacitor/v1/%EF%BD%93ubscribe/secret/write', false],
    ['a token behind one character', 'GET', '/kapacitor/v1/s%C2%ADubscribe/secret/write', false],
    ['a path that some read as a login', 'GET', '/kapacitor/v1/amy:secret@host', false],
    ['a long path', 'GET', `/${'x'.repeat(128)}`, false],
    ['a path just not too long', 'GET', `/${'x'.repeat(127)}`, true],
    ['a request that is refused', 'POST', PING, false],
  ])('remembers of %s whether it was allowed: %s %s', (_what, method, target, isRemembered) => {
    const user = userOf({ '/api': ['read'] });
    outcome(user, method, target, {});
    expect(wasAllowed(user, method, target)).toBe(isRemembered);
  });

  it('remembers nothing of what only a router that tells case apart may be asked', () => {
    const user = userOf({ '/api': ['read'], '/api/config': ['none'] });
    expect(judgeApiRequest(user, 'GET', '/kapacitor/v1/CONFIG', { caseSensitive: true })).toBe(
      '/kapacitor/v1/CONFIG',
    );
    expect(() => judgeApiRequest(user, 'GET', '/kapacitor/v1/CONFIG')).toThrow('"read" privilege');
  });

  it('asks users that were not resolved here each time: what they may do can change', () => {
    const user = userOf({ '/api': ['read'] });
    let isOpen = true;
    const changing: KapacitorUser = Object.assign(Object.create(user), { can: () => isOpen });
    expect(judgeApiRequest(changing, 'GET', PING, { caseSensitive: false })).toBe(PING);
    isOpen = false;
    expect(() => judgeApiRequest(changing, 'GET', PING)).toThrow('"read" privilege');
  });

  it('remembers nothing for methods that a user makes up', () => {
    const user = userOf({ '/': ['all'] });
    const methods = Array.from({ length: 2000 }, (_, index) => `METHOD${String(index)}`);
    for (const method of methods) rememberAllowed(user, method, PING);
    expect(methods.filter((method) => wasAllowed(user, method, PING))).toEqual([]);
    rememberAllowed(user, 'GET', PING);
    expect(wasAllowed(user, 'GET', PING)).toBe(true);
  });

  it('stays small, whatever paths a user makes up', () => {
    const user = userOf({ '/api': ['read'] });
    const targets = Array.from({ length: 2000 }, (_, index) => `/${String(index)}`);
    for (const target of targets) {
      rememberAllowed(user, 'GET', target);
      expect(wasAllowed(user, 'GET', target)).toBe(true);
    }
    const kept = targets.filter((target) => wasAllowed(user, 'GET', target));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length).toBeLessThanOrEqual(256);
  });
});
