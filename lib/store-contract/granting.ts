import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import { admin, HASHES, normal } from './sample-users.js';

const GRANTS: readonly string[] = [
  'read:config/influxdb',
  'write:database/a%2Fb%0Ac, d',
  'read,write:tasks/team-é.*',
];

const AMY = normal('amy', { permissions: ['api'], grants: GRANTS });

/** For stores that keep grants. */
export const GRANTING: Clauses<UserStore> = {
  'says that it keeps grants': async (store) => {
    assert.equal(store.keepsGrants, true);
    return Promise.resolve();
  },
  'keeps the grants of a user, in canonical form': async (store) => {
    const given = [...GRANTS.toReversed(), 'write:config/influxdb'];
    const kept = { ...AMY, grants: ['read,write:config/influxdb', ...GRANTS.slice(1)] };
    expectUser(await store.create({ ...AMY, grants: given }), kept);
    expectUser(await store.find('amy'), kept);
    expectUser((await store.list())[0], kept);
  },
  'keeps no grants of a user who has none': async (store) => {
    expectUser(await store.create({ ...AMY, grants: [] }), normal('amy', { permissions: ['api'] }));
    expectUser(await store.find('amy'), normal('amy', { permissions: ['api'] }));
  },
  'changes grants alone, and leaves them if other things change': async (store) => {
    await store.create(normal('amy', { permissions: ['api'] }));
    expectUser(await store.update('amy', { grants: GRANTS }), AMY);
    expectUser(await store.find('amy'), AMY);
    expectUser(await store.update('amy', { hash: HASHES[1] }), { ...AMY, hash: HASHES[1] });
    await store.replaceHash('amy', HASHES[1], HASHES[0]);
    expectUser(await store.find('amy'), AMY);
    await store.update('amy', { grants: [] });
    expectUser(await store.find('amy'), normal('amy', { permissions: ['api'] }));
  },
  'keeps as many grants of such length as a user can have': async (store) => {
    const grants = Array.from({ length: 256 }, (_, index) =>
      `read:tasks/${String(1000 + index)}`.padEnd(1024, 'x'),
    );
    await store.create({ ...AMY, grants });
    expectUser(await store.find('amy'), { ...AMY, grants });
    expectUser((await store.list())[0], { ...AMY, grants });
  },
  'puts users with grants, if it can put any': async (store) => {
    await store.create(normal('bob'));
    const puts = await store.putAll?.([
      { user: AMY },
      { user: normal('bob'), changes: { grants: GRANTS } },
    ]);
    if (puts === undefined) return;
    expectUser(await store.find('amy'), AMY);
    expectUser(await store.find('bob'), normal('bob', { grants: GRANTS }));
  },
  'refuses grants that can not be read, and those of an administrator': async (store) => {
    await store.create(admin('root'));
    await store.create(AMY);
    const refused = [
      () => store.create({ ...normal('eve'), grants: ['write'] }),
      () => store.create({ ...admin('eve'), grants: GRANTS }),
      () => store.update('amy', { grants: ['read:/api/tasks'] }),
      () => store.update('root', { grants: GRANTS }),
      () => store.update('amy', { type: 'admin' }),
    ];
    for (const change of refused) await expectCode('ERR_KAUTH_INVALID_REQUEST', change);
    expectUser(await store.find('amy'), AMY);
    expectUser(await store.find('root'), admin('root'));
    assert.equal(await store.find('eve'), undefined);
  },
};
