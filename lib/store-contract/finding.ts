import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectUser } from './expect.js';
import { HASHES, normal } from './sample-users.js';
import { UNKNOWN_NAMES } from './unknown-names.js';

/** Names that look or sort alike but are different bytes. */
const LOOKALIKES: readonly string[] = [
  ...['amy', 'Amy', 'AMY', '\u0430my'],
  ...['\u03a9', '\u2126', '\u00e5', '\u212b', '\uac00', '\u1100\u1161'],
];

export const FINDING: Clauses<UserStore> = {
  'finds a user as it was created': async (store) => {
    const user = normal('amy@example.com', { hash: HASHES[1], permissions: ['api'] });
    await store.create(user);
    expectUser(await store.find(user.name), user);
    expectUser(await store.find(user.name, { fresh: true }), user);
  },
  'finds nobody by a name that is not known': async (store) => {
    await store.create(normal('amy'));
    for (const name of UNKNOWN_NAMES) assert.equal(await store.find(name), undefined);
  },
  'tells names apart that differ in case or Unicode normal form only': async (store) => {
    for (const name of LOOKALIKES) {
      assert.equal(await store.find(name), undefined);
      await store.create(normal(name));
    }
    for (const name of LOOKALIKES) assert.equal((await store.find(name))?.name, name);
    assert.equal(await store.find('a\u030a'), undefined);
  },
  'keeps users who are named like the properties of every object': async (store) => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      await store.create(normal(name));
      assert.equal((await store.find(name))?.name, name);
      assert.equal(await store.delete(name), true);
      assert.equal(await store.find(name), undefined);
    }
  },
  'keeps its users apart from the objects it is given and gives out': async (store) => {
    const given = { ...normal('amy'), permissions: [...normal('amy').permissions] };
    const created = await store.create(given);
    given.permissions.push('all');
    const found = await store.find('amy');
    const [listed] = await store.list();
    for (const user of [given, created, found, listed]) {
      assert.ok(user);
      Reflect.set(user, 'type', 'admin');
      Reflect.set(user.permissions, 0, 'all');
    }
    expectUser(await store.find('amy'), normal('amy'));
  },
};
