import { assert, constantFrom, property, record, subarray, uniqueArray } from 'fast-check';
import { hasLostRights } from '../../lib/privileges/lost-rights.js';
import type { Permission } from '../../lib/privileges/permission.js';
import type { Privilege } from '../../lib/privileges/privilege.js';
import type { Privileges } from '../../lib/privileges/privileges.js';
import type { KapacitorUser, UserType } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';

function local(permissions: readonly Permission[], type: UserType = 'normal'): KapacitorUser {
  return resolveUser({ name: 'amy', type, permissions }, 'local');
}

function granted(privileges: Privileges): KapacitorUser {
  return resolveUser({ name: 'amy', type: 'normal', permissions: [], privileges }, 'meta');
}

describe('a user has lost rights', () => {
  it.each([
    ['a permission', local(['api', 'write_points']), local(['api'])],
    ['all but one permission', local(['all']), local(['api'])],
    ['the rank of an administrator', local([], 'admin'), local(['all'])],
    ['a privilege', granted({ '/api': ['read', 'write'] }), granted({ '/api': ['read'] })],
    [
      'a privilege further down',
      granted({ '/api': ['all'] }),
      granted({ '/api': ['all'], '/api/tasks/a': ['none'] }),
    ],
  ])('with %s', (_name, before, now) => {
    expect(hasLostRights(before, now)).toBe(true);
    expect(hasLostRights(now, before)).toBe(false);
    expect(hasLostRights(before, before)).toBe(false);
  });

  it('passes over a path that nobody can be asked about', () => {
    const odd = granted({ '/kapacitor/v1/tasks': ['all'] });
    expect(hasLostRights(odd, granted({}))).toBe(false);
  });

  const resource = constantFrom(
    '/api',
    '/api/tasks',
    '/api/tasks/a',
    '/database',
    '/database/a_clean',
  );
  const privileges = uniqueArray(
    record({
      resource,
      names: subarray<Privilege>(['none', 'read', 'write', 'delete'], { minLength: 1 }),
    }),
    { selector: ({ resource: name }) => name },
  ).map((entries) =>
    granted(Object.fromEntries(entries.map(({ resource: name, names }) => [name, names]))),
  );
  const below = constantFrom(
    '/api/tasks/a/b',
    '/api/x',
    '/database/a_clean/c',
    '/database/z',
    '/x',
  );

  it('if and only if there is something that they could do and can not do now', () => {
    const asked = ['/api', '/api/tasks', '/api/tasks/a', '/database', '/database/a_clean'];
    assert(
      property(privileges, privileges, below, (before, now, deeper) => {
        const lost = [...asked, deeper].some((name) =>
          (['read', 'write', 'delete'] as const).some(
            (privilege) => before.can(privilege, name) && !now.can(privilege, name),
          ),
        );
        expect(hasLostRights(before, now)).toBe(lost);
      }),
    );
  });
});
