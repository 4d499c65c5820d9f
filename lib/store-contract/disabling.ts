import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectOneRefused, expectUser } from './expect.js';
import { admin, HASHES, normal } from './sample-users.js';

const AMY = normal('amy', { permissions: ['api'] });
const DISABLED = { ...AMY, disabled: true };

/** For stores that keep who is disabled. */
export const DISABLING: Clauses<UserStore> = {
  'says that it keeps who is disabled': async (store) => {
    assert.equal(store.keepsDisabled, true);
    return Promise.resolve();
  },
  'disables and enables a user, and leaves all else': async (store) => {
    await store.create(AMY);
    expectUser(await store.update('amy', { disabled: true }), DISABLED);
    expectUser(await store.find('amy'), DISABLED);
    expectUser((await store.list())[0], DISABLED);
    expectUser(await store.update('amy', { hash: HASHES[1] }), { ...DISABLED, hash: HASHES[1] });
    await store.replaceHash('amy', HASHES[1], HASHES[0]);
    expectUser(await store.find('amy'), DISABLED);
    expectUser(await store.update('amy', { disabled: false }), AMY);
    expectUser(await store.find('amy'), AMY);
  },
  'creates and puts users who are disabled': async (store) => {
    expectUser(await store.create(DISABLED), DISABLED);
    expectUser(await store.find('amy'), DISABLED);
    await store.putAll?.([
      { user: { ...normal('bob'), disabled: true } },
      { user: AMY, changes: { disabled: false } },
    ]);
    if (store.putAll === undefined) return;
    expectUser(await store.find('bob'), normal('bob', { disabled: true }));
    expectUser(await store.find('amy'), AMY);
  },
  'counts enabled admins only when it looks for the last one': async (store) => {
    await store.create(admin('root'));
    await store.create({ ...admin('old'), disabled: true });
    await store.create(normal('amy'));
    const refused = [
      () => store.update('root', { disabled: true }),
      () => store.update('root', { type: 'normal' }),
      () => store.delete('root'),
      () => store.putAll?.([{ user: admin('root'), changes: { disabled: true } }]),
    ];
    for (const change of store.putAll === undefined ? refused.slice(0, 3) : refused) {
      await expectCode('ERR_KAUTH_LAST_ADMIN', change);
    }
    expectUser(await store.find('root'), admin('root'));
    await store.update('root', { disabled: true }, { force: true });
    expectUser(await store.find('root'), { ...admin('root'), disabled: true });
    await store.update('root', { disabled: false });
  },
  'lets a disabled admin change and go, though one enabled admin is left': async (store) => {
    await store.create(admin('root'));
    await store.create({ ...admin('old'), disabled: true });
    await store.create({ ...admin('older'), disabled: true });
    await store.update('old', { type: 'normal' });
    assert.equal(await store.delete('older'), true);
    await store.create(admin('zoe'));
    await store.update('root', { disabled: true });
    expectUser(await store.find('zoe'), admin('zoe'));
  },
  'keeps one of the last two admins who are disabled or deleted at once': async (store) => {
    await store.create(admin('amy'));
    await store.create(admin('bob'));
    await expectOneRefused('ERR_KAUTH_LAST_ADMIN', [
      () => store.update('amy', { disabled: true }),
      () => store.delete('bob'),
    ]);
  },
};
