import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { authorizeApi, usersApi } from '../../lib/index.js';
import type { HeardEvent } from '../../lib/observe/heard-event.js';
import { hearEvents } from '../../lib/observe/heard-event.js';
import { RecentEvents } from '../../lib/observe/recent-events.js';
import { basic, openAuth } from '../support/open-auth.js';

const USERS = '/kapacitor/v1/users';

function refusal(differences: Partial<HeardEvent> = {}): HeardEvent {
  return { at: 0, event: 'rejected', code: 'ERR_KAUTH_FAILED', status: 401, ...differences };
}

describe('the recent events', () => {
  it('tell who was refused and who changed whom, the newest first', async () => {
    const auth = openAuth();
    const events = new RecentEvents();
    hearEvents(
      auth,
      (event) => {
        events.add(event);
      },
      () => 1_790_000_000_000,
    );
    const app = express().use(usersApi(auth), auth, authorizeApi());
    const ask = (method: 'get' | 'post' | 'patch', path: string, user: string, password: string) =>
      request(app)[method](path).set('Authorization', basic(user, password));
    await ask('get', '/', 'root', 'wrong-pw');
    await ask('get', '/kapacitor/v1/config?p=amy-pw', 'amy', 'amy-pw');
    const bob = { name: 'bob', password: 'bob-pw', permissions: ['api'] };
    await ask('post', USERS, 'root', 'root-pw').send(bob);
    await ask('patch', `${USERS}/bob`, 'root', 'root-pw').send({ password: 'bob-new-pw' });
    const kept = events.recent();
    const address: unknown = expect.stringMatching(/127\.0\.0\.1$/);
    const at = 1_790_000_000_000;
    expect(kept).toMatchObject([
      { at, id: 3, event: 'userChanged', user: 'bob', actor: 'root', fields: ['password'] },
      { at, id: 2, event: 'userChanged', user: 'bob', change: 'created', address },
      { event: 'forbidden', user: 'amy', path: '/kapacitor/v1/config', status: 403, address },
      { event: 'rejected', user: 'root', method: 'GET', path: '/', code: 'ERR_KAUTH_FAILED' },
    ]);
    expect(kept[1]?.after).toMatchObject({ type: 'normal', permissions: ['api'] });
    expect(JSON.stringify(kept)).not.toMatch(/-pw|\$2/);
  });

  it('are the last 1,000, by user, by address and page by page', () => {
    const some = fc.constantFrom(undefined, 'amy', 'bob', 'x'.repeat(600));
    const event = fc.record({
      user: some,
      actor: some,
      renamedTo: some,
      address: fc.constantFrom(undefined, '10.0.0.1', '::ffff:10.0.0.1', '::1'),
    });
    const query = fc.record(
      {
        user: fc.constantFrom('amy', 'bob', 'eve'),
        address: fc.constantFrom('10.0.0.1', '::1', '::2'),
        before: fc.nat(1_600),
        limit: fc.nat(60),
      },
      { requiredKeys: [] },
    );
    const many = fc.tuple(fc.array(event, { minLength: 1, maxLength: 30 }), fc.nat(50));
    fc.assert(
      fc.property(many, query, ([each, times], asked) => {
        const all = Array.from({ length: times }, () => each).flat();
        const events = new RecentEvents();
        for (const one of all) events.add(refusal(one));
        const { user, address, before = Infinity, limit = Infinity } = asked;
        const wanted = all
          .map((one, id) => ({ ...one, id }))
          .slice(-1_000)
          .filter(({ id }) => id < before)
          .filter((one) => !user || [one.user, one.actor, one.renamedTo].includes(user))
          .filter((one) => !address || one.address?.replace('::ffff:', '') === address)
          .reverse()
          .slice(0, limit);
        expect(events.recent(asked).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
      }),
    );
  });

  it('keep long texts and lists cut, and are found by what was cut', async () => {
    const auth = openAuth();
    const events = new RecentEvents();
    hearEvents(auth, (event) => {
      events.add(event);
    });
    const app = express().use(auth, authorizeApi());
    const path = `/kapacitor/v1/config/${'x'.repeat(5_000)}`;
    await request(app).get(path).set('Authorization', basic('amy', 'amy-pw'));
    const grants = Array.from(
      { length: 200 },
      (_, at) => `read:task/${'\u{1f600}'.repeat(63)}${String(at)}`,
    );
    await auth.users?.update('amy', { grants });
    const [changed, refused] = events.recent();
    expect(refused?.path).toBe(`${path.slice(0, 512)}...`);
    expect(changed?.after?.grants).toHaveLength(17);
    expect(changed?.after?.grants?.at(-1)).toBe('...');
    expect(JSON.stringify(changed).length).toBeLessThan(6_000);
    expect(JSON.stringify(changed)).not.toMatch(/\\ud[89ab]/i);
    events.add(refusal({ user: `${'n'.repeat(512)}...` }));
    expect(events.recent({ user: 'n'.repeat(1_024) })).toHaveLength(1);
  });

  it('can not be changed by whoever reads them', () => {
    const events = new RecentEvents();
    events.add(refusal());
    const kept = events.recent();
    expect(Object.isFrozen(kept) && kept.every((event) => Object.isFrozen(event))).toBe(true);
  });
});
