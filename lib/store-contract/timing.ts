import assert from 'node:assert/strict';
import type { StoredUser, UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { HASHES, normal } from './sample-users.js';

const LONG_AGO = '2020-02-29T12:00:00.000Z';

/** For stores that keep the times of users. */
export const TIMING: Clauses<UserStore> = {
  'keeps when a user was added and last changed': async (store) => {
    const before = new Date().toISOString();
    const made = await store.create(normal('amy'));
    assert.ok(made.created !== undefined && made.created >= before);
    assert.equal(made.changed, made.created);
    const found = await store.find('amy');
    assert.deepEqual(timesOf(found), timesOf(made));
    const changed = await store.update('amy', { permissions: ['api'] });
    assert.equal(changed.created, made.created);
    assert.ok(changed.changed !== undefined && changed.changed >= made.created);
    assert.deepEqual(timesOf((await store.list())[0]), timesOf(changed));
  },
  'keeps when a user was added elsewhere': async (store) => {
    const made = await store.create(normal('amy', { created: LONG_AGO, changed: LONG_AGO }));
    assert.equal(made.created, LONG_AGO);
    assert.ok(made.changed !== undefined && made.changed > LONG_AGO);
    assert.deepEqual(timesOf(await store.find('amy')), timesOf(made));
  },
  'counts neither a renewed hash nor a change without effect': async (store) => {
    const made = await store.create(normal('amy'));
    const now = Date.now();
    while (Date.now() === now) await new Promise(setImmediate);
    await store.replaceHash('amy', HASHES[0], HASHES[1]);
    await store.update('amy', { hash: HASHES[1], type: 'normal', permissions: [] });
    assert.deepEqual(timesOf(await store.find('amy')), timesOf(made));
  },
};

function timesOf(user: StoredUser | undefined): object {
  return { created: user?.created, changed: user?.changed };
}
