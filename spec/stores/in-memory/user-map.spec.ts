import fc from 'fast-check';
import { SubscriptionMap } from '../../../lib/stores/in-memory/subscription-map.js';
import { UserMap } from '../../../lib/stores/in-memory/user-map.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { Turn } from '../../../lib/turns.js';

const user = fc.record({
  name: fc.constantFrom('amy', 'bob', 'zoe'),
  type: fc.constantFrom('admin', 'normal'),
  hash: fc.constantFrom('04', '05', '06').map((cost) => `$2b$${cost}$${'a'.repeat(53)}`),
  permissions: fc.subarray(['api', 'write_points']),
}) as fc.Arbitrary<StoredUser>;

const edit = fc.oneof(
  user,
  user.map(({ name }) => ({ name })),
);

const costs = (users: UserMap) => users.list().map(({ hash }) => Number(hash.slice(4, 6)));

describe('a UserMap', () => {
  it('knows after any edits what it would know if it were made anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(user), fc.array(edit), async (before, edits) => {
        const start = UserMap.of(before);
        let users = start;
        for (const made of edits) {
          const after = 'hash' in made ? made : undefined;
          const revision = users.revise(made.name, () => after, { force: true });
          const turn = await Turn.takeUrgently();
          expect(revision.changed).toEqual(await revision.users.changedSince(users, turn));
          users = revision.users;
          expect(users.hashCost).toBe(Math.max(0, ...costs(users)));
          expect(users.size).toBe(users.list().length);
        }
        const names = ['amy', 'bob', 'zoe'];
        const differs = (name: string) =>
          JSON.stringify(users.get(name)) !== JSON.stringify(start.get(name));
        const changed = await users.changedSince(start, await Turn.takeUrgently());
        expect([...changed].sort()).toEqual(names.filter(differs));
      }),
    );
  });
});

describe('a SubscriptionMap', () => {
  const one = {
    digest: 'a'.repeat(64),
    cluster: 'default',
    database: 'telegraf',
    created: '2026-11-24T10:00:00.000Z',
  };
  const other = { ...one, digest: 'b'.repeat(64) };

  it.each([
    ['another of it', [one], [{ ...one }], true],
    ['the same in another order', [one, other], [other, one], true],
    ['more', [one], [one, other], false],
    ['as many others', [one], [other], false],
    ['one that changed', [one], [{ ...one, database: 'stats' }], false],
  ])('is told from %s', (_, a, b, isSame) => {
    expect(new SubscriptionMap(a).isSameAs(new SubscriptionMap(b))).toBe(isSame);
  });
});
