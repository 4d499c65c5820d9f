import fc from 'fast-check';
import { MisuseError } from '../../lib/errors.js';
import type { Privilege } from '../../lib/privileges/privilege.js';
import { PRIVILEGES } from '../../lib/privileges/privilege.js';
import type { Privileges } from '../../lib/privileges/privileges.js';
import { PrivilegeTable } from '../../lib/privileges/privileges.js';

const table = new PrivilegeTable({
  '/api': ['all'],
  '/api/config': ['none'],
  '/api/config/shown': ['read'],
  '/database/mydb/': ['write'],
});

describe('a table of privileges', () => {
  it.each<[Privilege, string, boolean]>([
    ['read', '/api', true],
    ['all', '/api/tasks/cpu', true],
    ['read', '/api/config', false],
    ['read', '/api/config/influxdb', false],
    ['read', '/api/config/shown/default', true],
    ['write', '/api/config/shown/default', false],
    ['none', '/api/config', true],
    ['none', '/nowhere', true],
    ['read', '/', false],
    ['read', '/apitasks', false],
    ['read', '/api/configuration', true],
    ['write', '/database/mydb', true],
    ['read', '/database/mydb', false],
    ['write', '/database', false],
    ['write', '/database/mydb2', false],
    ['read', '/api/config/../tasks', true],
    ['read', '/api/tasks/../config/', false],
    ['read', '//api//config', false],
  ])('on "%s" to %s answers %s', (privilege, resource, allowed) => {
    expect(table.allows({ privilege, resource })).toBe(allowed);
  });

  it('refuses to look up what is not an absolute path', () => {
    expect(() => table.allows({ privilege: 'read', resource: 'api/tasks' })).toThrow(MisuseError);
  });

  it.each<[string, Privileges, string]>([
    ['with a slash at its end', { '/a': ['read'], '/a/': ['read', 'write'] }, '/a'],
    ['in another case', { '/api/Tasks': ['all'], '/api/tasks': ['read'] }, '/api/Tasks'],
    ['in another case', { '/api/Tasks': ['all'], '/api/tasks': ['read'] }, '/api/tasks'],
  ])(
    'lets only that count of a resource written twice, %s, which both grant',
    (_how, privileges, resource) => {
      const table = new PrivilegeTable(privileges);
      const allowed = PRIVILEGES.filter((privilege) => table.allows({ privilege, resource }));
      expect(allowed).toEqual(expect.arrayContaining(['read']));
      expect(allowed).not.toEqual(expect.arrayContaining(['write']));
    },
  );

  it('takes nothing away from an endpoint by another, nor from a database whose name differs in case', () => {
    const table = new PrivilegeTable({
      '/api/Tasks': ['none'],
      '/api/tasks': ['all'],
      '/database/DB': ['none'],
      '/database/db': ['write'],
      '/apiary/A': ['none'],
      '/apiary/a': ['read'],
    });
    expect(table.allows({ privilege: 'read', resource: '/api/tasks' })).toBe(false);
    expect(table.allows({ privilege: 'write', resource: '/database/db' })).toBe(true);
    expect(table.allows({ privilege: 'read', resource: '/apiary/a' })).toBe(true);
  });

  it('without regard to case grants only what all spellings grant', () => {
    const folded = new PrivilegeTable({
      '/api': ['all'],
      '/api/Config': ['read', 'write'],
      '/api/CONFIG': ['read', 'delete'],
    }).ignoringCase();
    expect(folded.allows({ privilege: 'read', resource: '/api/config' })).toBe(true);
    expect(folded.allows({ privilege: 'write', resource: '/api/config' })).toBe(false);
    expect(folded.allows({ privilege: 'delete', resource: '/api/config/x' })).toBe(false);
    expect(folded.allows({ privilege: 'all', resource: '/api/tasks' })).toBe(true);
  });

  it('decides by the longest entry that is the resource or above it', () => {
    const segment = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    const privileges = fc.dictionary(path, fc.array(fc.constantFrom(...PRIVILEGES)));
    fc.assert(
      fc.property(
        privileges,
        path,
        fc.constantFrom(...PRIVILEGES),
        (granted: Privileges, resource, privilege) => {
          const above = Object.keys(granted)
            .filter((entry) => entry === '/' || `${resource}/`.startsWith(`${entry}/`))
            .sort((one, other) => other.length - one.length);
          const names = above[0] === undefined ? [] : (granted[above[0]] ?? []);
          const isAllowed =
            privilege === 'none' ||
            names.includes('all') ||
            (privilege === 'all' ? (['read', 'write', 'delete'] as const) : [privilege]).every(
              (name) => names.includes(name),
            );
          expect(new PrivilegeTable(granted).allows({ privilege, resource })).toBe(isAllowed);
        },
      ),
      { numRuns: 500 },
    );
  });
});
