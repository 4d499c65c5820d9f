import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectOneRefused, expectUser, namesOf } from './expect.js';
import { FOREIGN_HASHES, HASHES, normal } from './sample-users.js';

export const CREATING: Clauses<UserStore> = {
  'answers a creation with the user as it is kept, its permissions in canonical form': async (
    store,
  ) => {
    const user = normal('amy', { permissions: ['write_points', 'none', 'api', 'api'] });
    const kept = normal('amy', { permissions: ['api', 'write_points'] });
    expectUser(await store.create(user), kept);
    expectUser(await store.find('amy'), kept);
    await store.create(normal('bob', { permissions: ['write_points', 'config_api', 'api'] }));
    assert.deepEqual((await store.find('bob'))?.permissions, ['all']);
  },
  'refuses to create a user whose name is taken, and changes nothing': async (store) => {
    const user = normal('amy', { permissions: ['api'] });
    await store.create(user);
    await expectCode('ERR_KAUTH_USER_EXISTS', () =>
      store.create({ name: 'amy', type: 'admin', hash: HASHES[1], permissions: ['all'] }),
    );
    expectUser(await store.find('amy'), user);
  },
  'accepts hashes of the schemes $2a$, $2b$ and $2y$': async (store) => {
    for (const scheme of ['2a', '2b', '2y']) {
      await store.create(normal(scheme, { hash: HASHES[0].replace('2b', scheme) }));
      assert.equal((await store.find(scheme))?.hash.slice(4), HASHES[0].slice(4));
    }
  },
  'refuses to create a user with a hash that can not be verified': async (store) => {
    for (const hash of FOREIGN_HASHES) {
      const user = normal('amy', { hash });
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () => store.create(user));
      assert.equal(await store.find('amy'), undefined);
    }
  },
  'keeps each of 200 users created at once': async (store) => {
    const names = Array.from({ length: 200 }, (_, index) => `user${String(1000 + index)}`);
    await Promise.all(names.map(async (name) => store.create(normal(name))));
    assert.deepEqual(await namesOf(store), names);
  },
  'creates one of two users of one name that are created at once': async (store) => {
    await expectOneRefused('ERR_KAUTH_USER_EXISTS', [
      () => store.create(normal('amy')),
      () => store.create(normal('amy')),
    ]);
  },
};
