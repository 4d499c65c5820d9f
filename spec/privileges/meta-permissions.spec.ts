import fc from 'fast-check';
import type { MetaGrant } from '../../lib/privileges/meta-permissions.js';
import {
  metaPermissions,
  metaPrivileges as privilegesOf,
  sumGrants,
  uniteSums,
} from '../../lib/privileges/meta-permissions.js';
import { PrivilegeTable } from '../../lib/privileges/privileges.js';
import { databaseResource } from '../../lib/privileges/resource.js';

/** Grants from the form of a meta node: permission names by database. */
function grants(byDatabase: Record<string, string[]>): MetaGrant[] {
  return Object.entries(byDatabase).flatMap(([database, names]) =>
    names.map((permission) => ({ permission, database })),
  );
}

const metaPrivileges = (some: readonly MetaGrant[]) => privilegesOf(sumGrants(some));

const API = { '/api': ['all'], '/api/config': ['none'] };
const CONFIG_API = { '/api/ping': ['all'], '/api/config': ['all'] };
const READ = { '/api/ping': ['all'] };
const WRITE = { '/api/ping': ['all'], '/api/write': ['write'] };

describe('metaPrivileges', () => {
  it.each([
    [{}, {}],
    [{ '': ['KapacitorAPI'] }, API],
    [{ mydb: ['KapacitorAPI'] }, API],
    [{ '': ['KapacitorConfigAPI'] }, CONFIG_API],
    [{ '': ['KapacitorAPI', 'KapacitorConfigAPI'] }, { ...API, ...CONFIG_API }],
    [{ '': ['KapacitorConfigAPI', 'KapacitorAPI'] }, { ...API, ...CONFIG_API }],
    [{ mydb: ['WriteData'] }, { ...WRITE, '/database/mydb': ['write'] }],
    [{ mydb: ['9'] }, { ...WRITE, '/database/mydb': ['write'] }],
    [{ mydb: ['ReadData'] }, { ...READ, '/database/mydb': ['read'] }],
    [{ mydb: ['ReadData', 'WriteData'] }, { ...WRITE, '/database/mydb': ['read', 'write'] }],
    [{ '': ['WriteData'] }, { ...WRITE, '/database': ['write'] }],
    [{ '': ['ReadData', 'WriteData'] }, { ...WRITE, '/database': ['read', 'write'] }],
    [
      { '': ['KapacitorAPI'], a: ['WriteData'] },
      { ...API, ...WRITE, '/database/a': ['write'] },
    ],
    [{ 'a/b': ['ReadData'] }, { ...READ, '/database/a%2Fb': ['read'] }],
    [{ '..': ['ReadData'] }, { ...READ, '/database/%2E%2E': ['read'] }],
    [{ ['__proto__']: ['ReadData'] }, { ...READ, '/database/__proto__': ['read'] }],
    [{ '': ['ViewAdmin', 'NoPermissions', '8', '17', 'writedata', 'constructor', ''] }, {}],
    [
      { mydb: ['ViewAdmin'], '': ['9', 'Monitor'] },
      { ...WRITE, '/database': ['write'] },
    ],
  ])('makes of %j %j', (byDatabase, privileges) => {
    expect(metaPrivileges(grants(byDatabase))).toEqual(privileges);
  });

  it('lets a grant on every database hold for a database with grants of its own', () => {
    const privileges = metaPrivileges(grants({ '': ['WriteData'], mydb: ['ReadData'] }));
    expect(privileges).toMatchObject({
      '/database': ['write'],
      '/database/mydb': ['read', 'write'],
    });
  });

  it('gives a user and its roles what each of them gives', () => {
    const names = ['KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'WriteData', '9', 'Monitor'];
    const grant = fc.record({
      permission: fc.constantFrom(...names),
      database: fc.constantFrom('', 'a', 'b', 'a/b'),
    });
    const action = fc.record({
      privilege: fc.constantFrom('read', 'write', 'delete'),
      resource: fc.constantFrom(
        ...['a', 'b', 'a/b', 'c'].map(databaseResource),
        ...['/api/tasks', '/api/config/x', '/api/ping'],
      ),
    });
    fc.assert(
      fc.property(fc.array(grant), action, (all, needed) => {
        const allowed = (some: MetaGrant[]): boolean =>
          new PrivilegeTable(metaPrivileges(some)).allows(needed);
        expect(allowed(all)).toBe(all.some((one) => allowed([one])));
      }),
    );
  });

  it('answers at once for a user with grants on very many databases', () => {
    const databases = Array.from({ length: 20_000 }, (_, index) => `db${String(index)}`);
    const some = databases.map((database) => ({ permission: 'ReadData', database }));
    const privileges = metaPrivileges([...some, { permission: 'WriteData', database: '' }]);
    expect(privileges['/database/db19999']).toEqual(['read', 'write']);
  });

  it('makes no entry for a database on which nothing but that of every database is granted', () => {
    const privileges = metaPrivileges(
      grants({ '': ['ReadData', 'WriteData'], a: ['WriteData'], b: ['ReadData'] }),
    );
    expect(privileges).toEqual({ ...WRITE, '/database': ['read', 'write'] });
  });

  it('is the same however the grants are summed up', () => {
    const grant = fc.record({
      permission: fc.constantFrom('KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', '9', 'Monitor'),
      database: fc.constantFrom('', 'a', 'b', '__proto__'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(grant)), (lists) => {
        const parts = uniteSums(lists.map(sumGrants));
        const whole = sumGrants(lists.flat());
        expect(privilegesOf(parts)).toEqual(privilegesOf(whole));
        expect(metaPermissions(parts)).toEqual(metaPermissions(whole));
        expect(parts.count).toBe(whole.count);
      }),
    );
  });

  it('can not be changed', () => {
    expect(Object.isFrozen(metaPrivileges(grants({ '': ['KapacitorAPI'] })))).toBe(true);
  });
});

describe('metaPermissions', () => {
  it.each([
    [{}, []],
    [{ '': ['KapacitorAPI'] }, ['api']],
    [{ mydb: ['KapacitorAPI'] }, ['api']],
    [{ '': ['KapacitorConfigAPI'] }, ['config_api']],
    [{ '': ['WriteData'] }, ['write_points']],
    [{ '': ['9'] }, ['write_points']],
    [{ mydb: ['WriteData'] }, []],
    [{ '': ['ReadData', 'Monitor'] }, []],
    [{ '': ['WriteData', 'KapacitorConfigAPI', 'KapacitorAPI'] }, ['all']],
  ])('reads %j back as %j', (byDatabase, permissions) => {
    expect(metaPermissions(sumGrants(grants(byDatabase)))).toEqual(permissions);
  });
});
