import express from 'express';
import fc from 'fast-check';
import type { StoredUser } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { coversPermission, PERMISSIONS } from '../../../lib/privileges/permission.js';
import { closeUsersApps, send, USERS, usersApp, V1 } from './users-app.js';

/** One call of an attacker, who logs in as one of the users whose password it knows. */
interface Attempt {
  readonly as: number;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const attempts = fc.array(
  fc.record<Attempt>({
    as: fc.nat(),
    method: fc.constantFrom('POST', 'PATCH', 'PATCH', 'DELETE'),
    name: fc.constantFrom(...USERS.map(({ name }) => name), 'new', 'newer'),
    body: fc.record(
      {
        password: fc.constantFrom('mine', 'mine', '', null),
        type: fc.constantFrom('normal', 'normal', 'admin', null),
        permissions: fc.oneof(fc.subarray([...PERMISSIONS]), fc.constant(null)),
        ['__proto__']: fc.constant({ type: 'admin' }),
      },
      { requiredKeys: ['password'], noNullPrototype: true },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

afterAll(closeUsersApps);

it('whatever a normal user calls, it gains no privilege, and no power over who has more', async () => {
  let succeeded = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('api', 'apiwrite', 'all'),
      fc.boolean(),
      attempts,
      async (attacker, withoutOps, calls) => {
        const store = new MemoryUserStore(USERS);
        const { app } = usersApp({ express, store });
        await store.open();
        if (withoutOps) await store.delete('ops');
        const held = store.find(attacker)?.permissions ?? [];
        const isWithin = ({ type, permissions }: StoredUser) =>
          type === 'normal' && permissions.every((each) => coversPermission(held, each));
        const stronger = store.list().filter((user) => !isWithin(user));

        const passwords = new Map<string, string>([[attacker, 'pw']]);
        for (const { as, method, name, body } of calls) {
          const [user, password] = [...passwords][as % passwords.size] ?? [attacker, 'pw'];
          const path = method === 'POST' ? V1 : `${V1}/${name}`;
          const document = method === 'POST' ? { name, ...body } : body;
          const { status } = await send(app, [method, path, document], { user, password });
          if (status < 300) {
            succeeded += 1;
            if (method !== 'DELETE' && body.password === 'mine') passwords.set(name, 'mine');
          }
          const own = store.list().filter((found) => passwords.has(found.name));
          expect(own.filter((found) => !isWithin(found))).toEqual([]);
          expect(stronger.map(({ name: other }) => store.find(other))).toEqual(stronger);
        }
        await closeUsersApps();
      },
    ),
    { numRuns: 100 },
  );
  // Else it would show nothing.
  expect(succeeded).toBeGreaterThan(20);
});
