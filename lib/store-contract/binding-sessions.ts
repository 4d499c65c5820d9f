import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import { HASHES, normal } from './sample-users.js';

const SESSIONS = 'wSu-7nE_uT9rB0aMq2Zk3g';
const OTHERS = 'Zk3gwSu-7nE_uT9rB0aMq2';

const AMY = normal('amy', { permissions: ['api'] });
const BOUND = { ...AMY, sessions: SESSIONS };

/** For stores that keep what the sessions of a user are bound to. */
export const BINDING_SESSIONS: Clauses<UserStore> = {
  'says that it keeps what sessions are bound to': async (store) => {
    assert.equal(store.keepsSessions, true);
    return Promise.resolve();
  },
  'changes what sessions are bound to alone, and leaves it if other things change': async (
    store,
  ) => {
    await store.create(AMY);
    expectUser(await store.update('amy', { sessions: SESSIONS }), BOUND);
    expectUser(await store.find('amy'), BOUND);
    expectUser((await store.list())[0], BOUND);
    expectUser(await store.update('amy', { hash: HASHES[1] }), { ...BOUND, hash: HASHES[1] });
    await store.replaceHash('amy', HASHES[1], HASHES[0]);
    expectUser(await store.find('amy'), BOUND);
    expectUser(await store.update('amy', { sessions: OTHERS }), { ...AMY, sessions: OTHERS });
    expectUser(await store.find('amy'), { ...AMY, sessions: OTHERS });
  },
  'creates, puts and renames users with what their sessions are bound to': async (store) => {
    expectUser(await store.create(BOUND), BOUND);
    if (store.putAll !== undefined) {
      await store.putAll([
        { user: normal('bob', { sessions: OTHERS }) },
        { user: AMY, changes: { permissions: [] } },
      ]);
      expectUser(await store.find('bob'), normal('bob', { sessions: OTHERS }));
      expectUser(await store.find('amy'), { ...BOUND, permissions: [] });
    }
    if (store.rename === undefined) return;
    await store.rename('amy', 'zoe');
    assert.equal((await store.find('zoe'))?.sessions, SESSIONS);
  },
  'tells who watches of a user whose sessions end': async (store) => {
    await store.create(BOUND);
    const told: (string | undefined)[] = [];
    store.watch?.((name) => told.push(name));
    await store.update('amy', { sessions: OTHERS });
    // A store may tell of its own change once more when the news of it comes back.
    assert.deepEqual([...new Set(told)], store.watch === undefined ? [] : ['amy']);
  },
  'refuses what no session can be bound to': async (store) => {
    await store.create(BOUND);
    for (const sessions of ['', 'short', 'x'.repeat(65), `${SESSIONS}\n`, 'ü'.repeat(20)]) {
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () => store.update('amy', { sessions }));
    }
    expectUser(await store.find('amy'), BOUND);
  },
};
