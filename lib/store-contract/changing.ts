import assert from 'node:assert/strict';
import type {
  ChangeOptions,
  CreateOptions,
  StoredUser,
  UserChanges,
  UserStore,
} from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectOneRefused, expectUser, namesOf } from './expect.js';
import { admin, FOREIGN_HASHES, HASHES, normal } from './sample-users.js';

export const CHANGING: Clauses<UserStore> = {
  'changes what an update names and leaves the rest': async (store) => {
    let user = normal('amy', { permissions: ['api'] });
    await store.create(user);
    const changes: readonly UserChanges[] = [
      {},
      { type: 'admin' },
      { hash: HASHES[1] },
      { permissions: ['config_api'] },
      { permissions: [] },
      { hash: HASHES[2], permissions: ['api', 'write_points'] },
    ];
    await store.create(admin('root'));
    for (const change of changes) {
      user = { ...user, ...change };
      expectUser(await store.update('amy', change), user);
      expectUser(await store.find('amy'), user);
    }
  },
  'keeps updated permissions in canonical form': async (store) => {
    await store.create(normal('amy'));
    await store.update('amy', { permissions: ['api', 'none', 'write_points', 'config_api'] });
    assert.deepEqual((await store.find('amy'))?.permissions, ['all']);
  },
  'refuses to update a user it does not know': async (store) => {
    await expectCode('ERR_KAUTH_USER_NOT_FOUND', () => store.update('amy', { type: 'admin' }));
    assert.equal(await store.find('amy'), undefined);
  },
  'refuses to change a hash to one that can not be verified': async (store) => {
    await store.create(normal('amy'));
    for (const hash of FOREIGN_HASHES) {
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () => store.update('amy', { hash }));
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () =>
        store.replaceHash('amy', HASHES[0], hash),
      );
    }
    expectUser(await store.find('amy'), normal('amy'));
  },
  'keeps both of two changes made at once to one user': async (store) => {
    await store.create(normal('amy'));
    const changes: readonly UserChanges[] = [{ hash: HASHES[1] }, { permissions: ['api'] }];
    await Promise.all(changes.map(async (change) => store.update('amy', change)));
    expectUser(await store.find('amy'), normal('amy', { hash: HASHES[1], permissions: ['api'] }));
  },
  'replaces a hash only while it is the expected one': async (store) => {
    await store.create(normal('amy', { permissions: ['api'] }));
    assert.equal(await store.replaceHash('amy', HASHES[1], HASHES[2]), false);
    assert.equal((await store.find('amy'))?.hash, HASHES[0]);
    assert.equal(await store.replaceHash('amy', HASHES[0], HASHES[1]), true);
    expectUser(await store.find('amy'), normal('amy', { hash: HASHES[1], permissions: ['api'] }));
    assert.equal(await store.replaceHash('nobody', HASHES[0], HASHES[1]), false);
  },
  'makes one of two replacements of one hash that are made at once': async (store) => {
    await store.create(normal('amy'));
    const replacements = [HASHES[1], HASHES[2]];
    const outcomes = await Promise.all(
      replacements.map(async (hash) => store.replaceHash('amy', HASHES[0], hash)),
    );
    assert.deepEqual([...outcomes].sort(), [false, true]);
    assert.equal((await store.find('amy'))?.hash, replacements[outcomes.indexOf(true)]);
  },
  'deletes a user and says whether there was one': async (store) => {
    await store.create(normal('amy'));
    assert.equal(await store.delete('Amy'), false);
    assert.equal(await store.delete('amy'), true);
    assert.equal(await store.find('amy'), undefined);
    assert.equal(await store.delete('amy'), false);
    await store.create(normal('amy', { hash: HASHES[1] }));
    assert.equal((await store.find('amy'))?.hash, HASHES[1]);
  },
  'judges a user as it is at the change, and changes nothing that is refused': async (store) => {
    await store.create(normal('amy'));
    const seen: (string | undefined)[] = [];
    const check = (user: StoredUser): void => {
      seen.push(user.hash);
      if (user.permissions.includes('api')) throw new Error('refused');
    };
    const raised = store.update('amy', { permissions: ['api'], hash: HASHES[1] });
    const late = Promise.resolve(raised).then(() =>
      store.update('amy', { hash: HASHES[2] }, { check }),
    );
    await assert.rejects(late, /refused/);
    await assert.rejects(async () => store.delete('amy', { check }), /refused/);
    assert.deepEqual(seen, [HASHES[1], HASHES[1]]);
    expectUser(await store.find('amy'), normal('amy', { hash: HASHES[1], permissions: ['api'] }));
    await store.update('amy', { permissions: [] });
    await store.update('amy', { hash: HASHES[2] }, { check });
    assert.equal(await store.delete('amy', { check }), true);
    assert.equal(await store.delete('amy', { check }), false);
  },
  'shows to who judges a change the user who makes it, as of the change itself': async (store) => {
    await store.create(admin('root'));
    await store.create(normal('amy'));
    const seen: (string | undefined)[] = [];
    const judge = (actor: StoredUser | undefined): void => {
      seen.push(actor?.type);
      if (actor?.type !== 'admin') throw new Error('refused');
    };
    const options: ChangeOptions & CreateOptions = { actor: 'root' };
    const change = {
      ...options,
      check: (_user: StoredUser, by?: StoredUser) => {
        judge(by);
      },
    };
    await store.create(normal('bob'), { ...options, check: judge });
    await store.update('amy', { hash: HASHES[1] }, change);
    const demoted = store.update('root', { type: 'normal' }, { force: true });
    const late = Promise.resolve(demoted).then(() =>
      store.create(normal('eve'), { ...options, check: judge }),
    );
    await assert.rejects(late, /refused/);
    await assert.rejects(async () => store.update('amy', { hash: HASHES[2] }, change), /refused/);
    await assert.rejects(async () => store.delete('amy', change), /refused/);
    await store.delete('root', { force: true });
    await assert.rejects(async () => store.delete('amy', change), /refused/);
    assert.deepEqual(seen, ['admin', 'admin', 'normal', 'normal', 'normal', undefined]);
    assert.deepEqual(await namesOf(store), ['amy', 'bob']);
    expectUser(await store.find('amy'), normal('amy', { hash: HASHES[1] }));
  },
  'refuses to delete or demote the last admin unless forced': async (store) => {
    await store.create(admin('root'));
    await store.create(normal('amy'));
    await expectCode('ERR_KAUTH_LAST_ADMIN', () => store.delete('root'));
    await expectCode('ERR_KAUTH_LAST_ADMIN', () => store.update('root', { type: 'normal' }));
    expectUser(await store.find('root'), admin('root'));

    await store.update('root', { type: 'normal' }, { force: true });
    assert.equal((await store.find('root'))?.type, 'normal');
    await store.update('root', { type: 'admin' });
    assert.equal(await store.delete('root', { force: true }), true);
    assert.deepEqual(await namesOf(store), ['amy']);
  },
  'lets the last admin change in all else, and any other admin go': async (store) => {
    await store.create(admin('root'));
    await store.update('root', { hash: HASHES[1], type: 'admin', permissions: ['api'] });
    await store.create(admin('amy'));
    await store.update('amy', { type: 'normal' });
    await store.update('amy', { type: 'admin' });
    assert.equal(await store.delete('root'), true);
  },
  'keeps one of the last two admins who are deleted or demoted at once': async (store) => {
    await store.create(admin('amy'));
    await store.create(admin('bob'));
    await expectOneRefused('ERR_KAUTH_LAST_ADMIN', [
      () => store.delete('amy'),
      () => store.update('bob', { type: 'normal' }),
    ]);
    const admins = (await store.list()).filter(({ type }) => type === 'admin');
    assert.equal(admins.length, 1);
  },
};
