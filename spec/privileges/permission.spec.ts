import fc from 'fast-check';
import { localPrivileges } from '../../lib/privileges/local-permissions.js';
import type { Permission } from '../../lib/privileges/permission.js';
import {
  canonicalPermissions,
  coversPermission,
  isPermission,
  PERMISSIONS,
} from '../../lib/privileges/permission.js';
import { PrivilegeTable } from '../../lib/privileges/privileges.js';

const anyPermissions = fc.array(fc.constantFrom(...PERMISSIONS));

describe('permissions', () => {
  it.each<[Permission[], readonly Permission[]]>([
    [[], []],
    [['none'], []],
    [['none', 'api'], ['api']],
    [
      ['config_api', 'api', 'api'],
      ['api', 'config_api'],
    ],
    [['write_points', 'api', 'config_api'], ['all']],
    [['all', 'api'], ['all']],
  ])('%j are written down as %j', (granted, canonical) => {
    expect(canonicalPermissions(granted)).toEqual(canonical);
  });

  it('are canonical once they were made so', () => {
    fc.assert(
      fc.property(anyPermissions, (granted) => {
        const canonical = canonicalPermissions(granted);
        expect(canonicalPermissions(canonical)).toEqual(canonical);
        expect(localPrivileges(canonical)).toEqual(localPrivileges(granted));
      }),
    );
  });

  it.each<[Permission[], Permission, boolean]>([
    [['all'], 'config_api', true],
    [['all'], 'all', true],
    [['api'], 'api', true],
    [['api'], 'config_api', false],
    [['api'], 'all', false],
    [['api', 'config_api', 'write_points'], 'all', true],
    [[], 'none', true],
    [[], 'api', false],
  ])('%j cover %s: %s', (held, asked, covered) => {
    expect(coversPermission(held, asked)).toBe(covered);
  });

  it('that are covered never allow what the holder is not allowed', () => {
    const privilege = fc.constantFrom('read', 'write', 'delete', 'all' as const);
    const resource = fc.constantFrom(
      '/api/tasks',
      '/api/config/x',
      '/api/write',
      '/api/ping',
      '/database/d',
    );
    fc.assert(
      fc.property(
        anyPermissions,
        fc.constantFrom(...PERMISSIONS),
        privilege,
        resource,
        (held, asked, needed, where) => {
          fc.pre(coversPermission(held, asked));
          const action = { privilege: needed, resource: where } as const;
          const isAllowed = new PrivilegeTable(localPrivileges([asked])).allows(action);
          if (isAllowed)
            expect(new PrivilegeTable(localPrivileges(held)).allows(action)).toBe(true);
        },
      ),
    );
  });

  it.each(PERMISSIONS)('%j is one', (name) => {
    expect(isPermission(name)).toBe(true);
  });

  it.each(['', 'API', 'fly', '__proto__', 'constructor', undefined, null, 1, 3])(
    '%j is none',
    (name) => {
      expect(isPermission(name)).toBe(false);
    },
  );
});

describe('the privileges of a local user', () => {
  it.each<[Permission[], object]>([
    [[], {}],
    [['none'], {}],
    [['api'], { '/api': ['all'], '/api/config': ['none'], '/api/write': ['none'] }],
    [['config_api'], { '/api/ping': ['all'], '/api/config': ['all'] }],
    [['write_points'], { '/api/ping': ['all'], '/api/write': ['all'], '/database': ['write'] }],
    [
      ['all'],
      {
        '/api': ['all'],
        '/api/config': ['all'],
        '/api/write': ['all'],
        '/database': ['all'],
      },
    ],
    [
      ['api', 'config_api'],
      {
        '/api': ['all'],
        '/api/config': ['all'],
        '/api/write': ['none'],
        '/api/ping': ['all'],
      },
    ],
    [
      ['write_points', 'api'],
      {
        '/api': ['all'],
        '/api/config': ['none'],
        '/api/write': ['all'],
        '/api/ping': ['all'],
        '/database': ['write'],
      },
    ],
  ])('with %j are as the contract has them', (permissions, privileges) => {
    expect(localPrivileges(permissions)).toEqual(privileges);
  });
});
