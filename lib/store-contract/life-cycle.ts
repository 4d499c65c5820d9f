import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import { HASHES, normal } from './sample-users.js';

export const LIFE_CYCLE: Clauses<UserStore> = {
  'knows its users after it was opened once more': async (store) => {
    await store.create(normal('amy'));
    await store.open?.();
    expectUser(await store.find('amy'), normal('amy'));
    await store.create(normal('bob'));
  },
  'tells the highest cost of its hashes, where it tells any': async (store) => {
    for (const hash of [HASHES[1], HASHES[2], HASHES[0]]) {
      await store.create(normal(`with-cost-${hash.slice(4, 6)}`, { hash }));
    }
    const cost = store.hashCost ?? 0;
    assert.ok(cost === 0 || cost === 6, `${String(cost)} is not the cost of ${HASHES[2]}`);
  },
  'answers nothing once it is closed, and may be closed again': async (store) => {
    await store.create(normal('amy'));
    await store.close?.();
    await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => store.find('amy'));
    await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => store.find('nobody'));
    await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => store.list());
    await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => store.create(normal('bob')));
    await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => store.delete('amy'));
    await store.close?.();
  },
};
