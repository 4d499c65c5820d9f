import type { ImportedUser } from '../../lib/kapacitor-db/imported-user.js';
import { planImport } from '../../lib/kapacitor-db/plan-import.js';

function user(name: string, cost: string, type: 'admin' | 'normal' = 'normal'): ImportedUser {
  return { name, type, hash: `$2a$${cost}$${'a'.repeat(53)}`, permissions: [], grants: [] };
}

const subscription = { digest: 'ab'.repeat(32), cluster: 'localhost', database: 'telegraf' };
const created = '2026-11-28T10:00:00.000Z';

describe('the plan of an import', () => {
  const users = [
    user('amy', '10'),
    user('bob', '04'),
    user('eve', '17'),
    user('root', '04', 'admin'),
  ];
  const plan = planImport(
    { users, subscriptions: [subscription], leftOut: [] },
    { cost: 10, created },
  );

  it('puts administrators first', () => {
    expect(plan.users.map(({ name }) => name)).toEqual(['root', 'amy', 'bob']);
  });

  it('names users whose hashes are made anew at the first login', () => {
    expect(plan.renewed).toEqual(['bob', 'root']);
  });

  it('leaves out a user whose hash would slow down every login', () => {
    expect(plan.leftOut).toEqual([
      {
        kind: 'user',
        name: 'eve',
        reason: 'its hash has cost 17, which would slow down every login; 16 is the most',
        command: 'kapacitor-auth users add eve',
      },
    ]);
  });

  it('dates subscriptions', () => {
    expect(plan.subscriptions).toEqual([{ ...subscription, created }]);
  });
});
