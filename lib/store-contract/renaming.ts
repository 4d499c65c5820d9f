import assert from 'node:assert/strict';
import type { StoredUser, UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser, namesOf } from './expect.js';
import { admin, HASHES, normal } from './sample-users.js';

const AMY = normal('amy', { permissions: ['api'], hash: HASHES[1] });

/** For stores with `rename`. */
export const RENAMING: Clauses<UserStore> = {
  'gives a user another name, and leaves all else': async (store) => {
    await store.create(admin('root'));
    await store.create(AMY);
    expectUser(await store.rename?.('amy', 'zoë'), { ...AMY, name: 'zoë' });
    assert.equal(await store.find('amy'), undefined);
    expectUser(await store.find('zoë'), { ...AMY, name: 'zoë' });
    assert.deepEqual(await namesOf(store), ['root', 'zoë']);
    expectUser(await store.create(normal('amy')), normal('amy'));
  },
  'renames the last admin': async (store) => {
    await store.create(admin('root'));
    expectUser(await store.rename?.('root', 'boss'), admin('boss'));
    await expectCode('ERR_KAUTH_LAST_ADMIN', () => store.delete('boss'));
  },
  'refuses a name that is taken or can not be one, and a user it does not know': async (store) => {
    await store.create(AMY);
    await store.create(normal('bob'));
    const refused = [
      ['ERR_KAUTH_USER_EXISTS', 'amy', 'bob'],
      ['ERR_KAUTH_USER_EXISTS', 'amy', 'amy'],
      ['ERR_KAUTH_INVALID_REQUEST', 'amy', 'a b'],
      ['ERR_KAUTH_INVALID_REQUEST', 'amy', ''],
      ['ERR_KAUTH_INVALID_REQUEST', 'amy', 'é'.repeat(128)],
      ['ERR_KAUTH_USER_NOT_FOUND', 'Amy', 'zoe'],
    ] as const;
    for (const [code, name, to] of refused) await expectCode(code, () => store.rename?.(name, to));
    expectUser(await store.find('amy'), AMY);
    expectUser(await store.find('bob'), normal('bob'));
    assert.deepEqual(await namesOf(store), ['amy', 'bob']);
  },
  'renames nobody whose change is refused': async (store) => {
    await store.create(AMY);
    await store.create(admin('root'));
    const seen: (string | undefined)[] = [];
    const check = (user: StoredUser, actor: StoredUser | undefined): void => {
      seen.push(user.name, actor?.name);
      throw new Error('refused');
    };
    await assert.rejects(
      async () => store.rename?.('amy', 'zoe', { actor: 'root', check }),
      /refused/,
    );
    assert.deepEqual(seen, ['amy', 'root']);
    assert.deepEqual(await namesOf(store), ['amy', 'root']);
  },
  'gives one of two users a name that both are to have at once': async (store) => {
    await store.create(normal('amy'));
    await store.create(normal('bob'));
    const renamed = await Promise.allSettled(
      ['amy', 'bob'].map(async (name) => store.rename?.(name, 'zoe')),
    );
    assert.deepEqual(renamed.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await namesOf(store)).length, 2);
  },
};
