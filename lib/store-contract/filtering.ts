import assert from 'node:assert/strict';
import type { ListOptions } from '../stores/list-options.js';
import type { StoredUser, UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode } from './expect.js';
import { admin, normal } from './sample-users.js';

const GRANTS = ['write:database/a b%01%25', 'read,write:tasks/team-\u00e9.*'] as const;

const USERS: readonly StoredUser[] = [
  admin('ada'),
  normal('amy', { permissions: ['api'] }),
  normal('ann', { permissions: ['all'], grants: [GRANTS[0]] }),
  normal('ben', { permissions: ['config_api', 'write_points'], disabled: true }),
  normal('bob', { permissions: ['api', 'config_api'], grants: GRANTS.toReversed() }),
  { ...admin('eve'), permissions: ['api'], disabled: true },
  normal('joe', { disabled: true, grants: [GRANTS[1]] }),
  normal('zoe'),
];

const LISTS: readonly (readonly [options: ListOptions, names: readonly string[]])[] = [
  [{ type: 'admin' }, ['ada', 'eve']],
  [{ type: 'normal' }, ['amy', 'ann', 'ben', 'bob', 'joe', 'zoe']],
  [{ disabled: true }, ['ben', 'eve', 'joe']],
  [{ disabled: false }, ['ada', 'amy', 'ann', 'bob', 'zoe']],
  [{ permission: 'api' }, ['amy', 'ann', 'bob', 'eve']],
  [{ permission: 'config_api' }, ['ann', 'ben', 'bob']],
  [{ permission: 'write_points' }, ['ann', 'ben']],
  [{ permission: 'all' }, ['ann']],
  [{ permission: 'none' }, ['ada', 'joe', 'zoe']],
  [{ grant: GRANTS[0] }, ['ann', 'bob']],
  [{ grant: GRANTS[1] }, ['bob', 'joe']],
  [{ grant: 'write,read:tasks/team-\u00e9.*' }, ['bob', 'joe']],
  [{ grant: 'read:tasks/team-\u00e9.*' }, []],
  [{ grant: 'write:database/a' }, []],
  [{ type: 'admin', disabled: true }, ['eve']],
  [{ type: 'admin', disabled: false }, ['ada']],
  [{ type: 'normal', permission: 'api', disabled: false }, ['amy', 'ann', 'bob']],
  [{ grant: GRANTS[1], disabled: true }, ['joe']],
  [{ type: 'admin', grant: GRANTS[0] }, []],
  [
    { type: undefined, permission: undefined, grant: undefined, disabled: undefined, limit: 1 },
    ['ada'],
  ],
];

/** Filters together with the other options. */
const PARTS: typeof LISTS = [
  [{ permission: 'api', limit: 2 }, ['amy', 'ann']],
  [{ permission: 'api', offset: 1, limit: 2 }, ['ann', 'bob']],
  [{ permission: 'api', offset: 9 }, []],
  [{ permission: 'api', after: 'ann' }, ['bob', 'eve']],
  [{ permission: 'api', after: 'b', offset: 1 }, ['eve']],
  [{ type: 'admin', after: 'ada' }, ['eve']],
  [{ disabled: true, limit: 0 }, []],
  [{ pattern: 'a*', type: 'normal' }, ['amy', 'ann']],
  [{ pattern: '*o*', disabled: true }, ['joe']],
  [{ pattern: '[a-e]*', permission: 'api', after: 'amy', limit: 2 }, ['ann', 'bob']],
  [{ pattern: '*', grant: GRANTS[0], offset: 1 }, ['bob']],
  [{ pattern: 'z*', type: 'admin' }, []],
];

/** For stores that filter lists themselves. */
export const FILTERING: Clauses<UserStore> = {
  'lists the users of a type, with a permission or a grant, or disabled': async (store) => {
    await expectLists(store, LISTS);
  },
  'filters together with pattern, after, offset and limit, in turns and of one moment': async (
    store,
  ) => {
    await expectLists(store, PARTS);
  },
  'refuses filters that can not be': async (store) => {
    const wrong: readonly (readonly [key: string, value: unknown])[] = [
      ['type', 'root'],
      ['permission', 'api,all'],
      ['grant', 'write'],
      ['grant', ''],
      ['disabled', 1],
    ];
    for (const [key, value] of wrong) {
      const options: ListOptions = Object.fromEntries([[key, value]]);
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () => store.list(options));
    }
  },
};

async function expectLists(store: UserStore, lists: typeof LISTS): Promise<void> {
  for (const user of USERS.toReversed()) await store.create(user, {});
  for (const [options, names] of lists) {
    for (const way of [{}, { inTurns: true }, { snapshot: true }]) {
      const listed = await store.list({ ...options, ...way });
      assert.deepEqual(
        listed.map(({ name }) => name),
        names,
        JSON.stringify({ ...options, ...way }),
      );
    }
  }
}
