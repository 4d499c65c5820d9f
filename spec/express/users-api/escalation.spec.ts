import { coversUser, judgeGrants, judgeTarget } from '../../../lib/express/users-api/escalation.js';
import type { Permission } from '../../../lib/privileges/permission.js';
import { coversPermission, PERMISSIONS } from '../../../lib/privileges/permission.js';
import type { Privileges } from '../../../lib/privileges/privileges.js';
import type { KapacitorUser } from '../../../lib/privileges/user.js';
import { ADMIN_USER, resolveUser } from '../../../lib/privileges/user.js';

const normal = (permissions: readonly Permission[], privileges?: Privileges): KapacitorUser =>
  resolveUser(
    { name: 'bob', type: 'normal', permissions, ...(privileges && { privileges }) },
    'local',
  );
const holding = (privileges: Privileges): KapacitorUser => normal([], privileges);

/** Every set of permissions. */
const SETS = PERMISSIONS.reduce<readonly (readonly Permission[])[]>(
  (sets, permission) => [...sets, ...sets.map((set) => [...set, permission])],
  [[]],
);

describe('a user covers another', () => {
  it.each(SETS.map((set) => [set.join('+') || 'nothing', set] as const))(
    'with %s just when it has each permission of the other',
    (_name, held) => {
      for (const asked of SETS) {
        const covered = asked.every((permission) => coversPermission(held, permission));
        expect([asked, coversUser(normal(held), normal(asked))]).toEqual([asked, covered]);
      }
    },
  );

  it('as an admin, whoever it is', () => {
    for (const set of SETS) expect(coversUser(ADMIN_USER, normal(set))).toBe(true);
    expect(coversUser(ADMIN_USER, ADMIN_USER)).toBe(true);
  });

  it('who is an admin only as an admin', () => {
    for (const set of SETS) expect(coversUser(normal(set), ADMIN_USER)).toBe(false);
  });

  it.each<[holder: Privileges, other: Privileges, covered: boolean]>([
    [{}, {}, true],
    [{}, { '/api': ['none'] }, true],
    [{}, { '/api': ['read'] }, false],
    [{ '/api': ['all'] }, { '/api/tasks': ['read', 'write'] }, true],
    [{ '/api': ['read'] }, { '/api/tasks': ['write'] }, false],
    [{ '/api': ['read', 'write', 'delete'] }, { '/api': ['all'] }, true],
    [{ '/api': ['all'], '/api/config': ['none'] }, { '/api': ['read'] }, false],
    [{ '/api': ['all'], '/api/config': ['read'] }, { '/api': ['read'] }, true],
    [{ '/api': ['all'], '/api/config': ['none'] }, { '/api/config': ['none'] }, true],
    [{ '/database/a': ['write'] }, { '/database': ['write'] }, false],
    [{ '/database': ['write'] }, { '/database/a': ['write'] }, true],
    [{ '/database/a': ['write'] }, { '/database/b': ['write'] }, false],
    [{ '/': ['all'] }, { '/': ['all'] }, true],
    [{ '/api': ['all'], '/database': ['all'] }, { '/': ['read'] }, false],
  ])('who has privileges of its own: %j over %j', (holder, other, covered) => {
    expect(coversUser(holding(holder), holding(other))).toBe(covered);
  });
});

describe('judging', () => {
  it.each<[what: string, judge: () => void, message: string]>([
    [
      'making an admin',
      () => {
        judgeGrants(normal(['all']), { type: 'admin' });
      },
      'user bob may not make an admin: only an admin may',
    ],
    [
      'granting too much',
      () => {
        judgeGrants(normal(['api', 'write_points']), { permissions: ['api', 'config_api'] });
      },
      'user bob may not grant api, config_api: it has api, write_points itself',
    ],
    [
      'granting out of nothing',
      () => {
        judgeGrants(normal([]), { permissions: ['api'] });
      },
      'user bob may not grant api: it has no permission itself',
    ],
    [
      'granting in parts what is more as a whole',
      () => {
        const parts = holding({
          '/api': ['all'],
          '/api/config': ['all'],
          '/api/write': ['all'],
          '/database': ['write'],
        });
        judgeGrants(parts, { permissions: ['api', 'config_api', 'write_points'] });
      },
      'user bob may not grant api, config_api, write_points: it has no permission itself',
    ],
    [
      'changing who may do more',
      () => {
        judgeTarget(normal(['api']), { name: 'eve', type: 'normal', permissions: ['config_api'] });
      },
      'user bob may not change or delete user eve, who may do more',
    ],
    [
      'changing who may do more than its permissions tell',
      () => {
        const privileges: Privileges = { '/database/x': ['read'] };
        judgeTarget(normal(['api']), { name: 'eve', type: 'normal', permissions: [], privileges });
      },
      'user bob may not change or delete user eve, who may do more',
    ],
  ])('%s is refused with 403', (_what, judge, message) => {
    expect(judge).toThrow(
      expect.objectContaining({ status: 403, code: 'ERR_KAUTH_ESCALATION', message }),
    );
  });
});

describe('nobody minds', () => {
  it.each<[what: string, judge: () => void]>([
    [
      'a change that grants nothing',
      () => {
        judgeGrants(normal([]), {});
      },
    ],
    [
      'granting what one has',
      () => {
        judgeGrants(normal(['api', 'write_points']), { permissions: ['api'] });
      },
    ],
    [
      'changing who may do as much',
      () => {
        judgeTarget(normal(['api']), { name: 'eve', type: 'normal', permissions: ['api'] });
      },
    ],
  ])('%s', (_what, judge) => {
    expect(judge).not.toThrow();
  });
});
