import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import { admin, HASHES, normal } from './sample-users.js';

/** For stores with `putAll`; the others pass. */
export const PUTTING: Clauses<UserStore> = {
  'puts users in one change, if it can: new ones, and what changes of others': async (store) => {
    await store.create(normal('bob', { permissions: ['api'] }));
    const puts = await store.putAll?.([
      { user: admin('amy') },
      { user: normal('bob'), changes: { hash: HASHES[1] } },
    ]);
    if (puts === undefined) return;
    const bob = normal('bob', { permissions: ['api'], hash: HASHES[1] });
    expectUser(puts[0]?.after, admin('amy'));
    assert.equal(puts[0]?.before, undefined);
    expectUser(puts[1]?.before, normal('bob', { permissions: ['api'] }));
    expectUser(puts[1]?.after, bob);
    const listed = await store.list();
    assert.equal(listed.length, 2);
    expectUser(await store.find('amy'), admin('amy'));
    expectUser(await store.find('bob'), bob);
  },
  'puts none if one can not be put': async (store) => {
    await store.create(admin('root'));
    const refused = [
      ['ERR_KAUTH_USER_EXISTS', { user: normal('root') }],
      ['ERR_KAUTH_LAST_ADMIN', { user: normal('root'), changes: { type: 'normal' } }],
      ['ERR_KAUTH_INVALID_REQUEST', { user: normal('a b') }],
    ] as const;
    for (const [code, put] of refused) {
      if (store.putAll === undefined) return;
      await expectCode(code, () => store.putAll?.([{ user: normal('amy') }, put]));
      assert.equal(await store.find('amy'), undefined);
      expectUser(await store.find('root'), admin('root'));
    }
  },
  'passes the administrator on in one change, if it can': async (store) => {
    await store.create(admin('root'));
    await store.putAll?.([
      { user: normal('root'), changes: { type: 'normal' } },
      { user: admin('zoe') },
    ]);
    if (store.putAll !== undefined) expectUser(await store.find('zoe'), admin('zoe'));
  },
};
