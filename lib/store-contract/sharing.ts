import assert from 'node:assert/strict';
import type { UserChanges, UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { eventually, expectOneRefused, expectUser, namesOf } from './expect.js';
import { admin, HASHES, normal } from './sample-users.js';

/** Two connections to the same data, like those of two processes. */
export type Pair = readonly [first: UserStore, second: UserStore];

const USERS_EACH = 25;

export const SHARING: Clauses<Pair> = {
  'sees what another connection creates, changes and deletes': async ([first, second]) => {
    await first.create(normal('amy'));
    await eventually('the new user is found', async () => !!(await second.find('amy')));
    await first.update('amy', { hash: HASHES[1] });
    await eventually(
      'the new hash is found',
      async () => (await second.find('amy'))?.hash === HASHES[1],
    );
    await first.delete('amy');
    await eventually('the user is gone', async () => !(await second.find('amy')));
  },
  'loses nothing when two connections write at once': async (pair) => {
    const names = Array.from({ length: 2 * USERS_EACH }, (_, index) => `u${String(100 + index)}`);
    const create = async (name: string, index: number): Promise<unknown> =>
      pair[index % 2 === 0 ? 0 : 1].create(normal(name));
    await Promise.all(names.map(create));
    for (const store of pair) {
      await eventually('all users are listed', async () => {
        const listed = await namesOf(store);
        return listed.length === names.length && listed.every((name) => names.includes(name));
      });
    }
  },
  'keeps both of two changes that two connections make at once to one user': async ([
    first,
    second,
  ]) => {
    await first.create(normal('amy'));
    const changes: readonly [UserChanges, UserChanges] = [
      { hash: HASHES[1] },
      { permissions: ['api'] },
    ];
    await Promise.all([first.update('amy', changes[0]), second.update('amy', changes[1])]);
    await eventually('both changes are found', async () => {
      const user = await first.find('amy');
      return user?.hash === HASHES[1] && user.permissions[0] === 'api';
    });
  },
  'creates one of two users of one name that two connections create at once': async ([
    first,
    second,
  ]) => {
    await expectOneRefused('ERR_KAUTH_USER_EXISTS', [
      () => first.create(normal('amy')),
      () => second.create(normal('amy')),
    ]);
  },
  'keeps one of the last two admins whom two connections delete at once': async ([
    first,
    second,
  ]) => {
    await first.create(admin('amy'));
    await first.create(admin('bob'));
    await expectOneRefused('ERR_KAUTH_LAST_ADMIN', [
      () => first.delete('amy'),
      () => second.delete('bob'),
    ]);
    await eventually('one admin is left', async () => {
      const counts = await Promise.all([namesOf(first), namesOf(second)]);
      return counts.every(({ length }) => length === 1);
    });
  },
  'replaces a hash from one of two connections that try at once': async ([first, second]) => {
    await first.create(normal('amy'));
    const outcomes = await Promise.all([
      first.replaceHash('amy', HASHES[0], HASHES[1]),
      second.replaceHash('amy', HASHES[0], HASHES[2]),
    ]);
    assert.deepEqual([...outcomes].sort(), [false, true]);
    const winner = outcomes[0] ? HASHES[1] : HASHES[2];
    for (const store of [first, second]) {
      await eventually(
        'the replacement is found',
        async () => (await store.find('amy'))?.hash === winner,
      );
    }
  },
  'goes on when the other connection is closed': async ([first, second]) => {
    await first.create(normal('amy'));
    await first.close?.();
    expectUser(await second.update('amy', { type: 'admin' }), admin('amy'));
  },
};
