import { inspect } from 'node:util';
import { MisuseError } from '../../lib/errors.js';
import type { Privilege } from '../../lib/privileges/privilege.js';
import { ADMIN_USER, resolveUser } from '../../lib/privileges/user.js';

const amy = resolveUser({ name: 'amy', type: 'normal', permissions: ['api', 'api'] }, 'local');
const writer = resolveUser({ name: 'w', type: 'normal', permissions: ['write_points'] }, 'local');
const root = resolveUser({ name: 'root', type: 'admin', permissions: [] }, 'local');
const meta = resolveUser(
  {
    name: 'm',
    type: 'normal',
    permissions: [],
    privileges: { '/database/a%2Fb': ['read'], '/database/c/%2E%2E': ['write'] },
  },
  'meta',
);

describe('a resolved user', () => {
  it('is shown as its data', () => {
    expect(JSON.parse(JSON.stringify(amy))).toEqual({
      name: 'amy',
      type: 'normal',
      permissions: ['api'],
      privileges: { '/api': ['all'], '/api/config': ['none'], '/api/write': ['none'] },
      source: 'local',
    });
  });

  it('keeps a copy of the privileges that its source gave', () => {
    const given: Record<string, Privilege[]> = { '/api': ['read'] };
    const user = resolveUser(
      { name: 'o', type: 'normal', permissions: [], privileges: given },
      'local',
    );
    given['/api']?.push('all');
    given['/database/x'] = ['all'];
    expect(user.privileges).toEqual({ '/api': ['read'] });
    expect(Object.isFrozen(user.privileges) && Object.isFrozen(user.privileges['/api'])).toBe(true);
  });

  it('shows nothing that it was not made to show', () => {
    const withHash = { name: 'h', type: 'normal', permissions: [], hash: '$2b$secret' } as const;
    const user = resolveUser(withHash, 'local');
    expect(JSON.stringify(user) + inspect(user, { showHidden: true })).not.toContain('secret');
  });

  it.each([
    ['a property', () => Object.assign(amy, { type: 'admin' })],
    ['a permission', () => Object.assign(amy.permissions, { 0: 'all' })],
    ['a privilege', () => Object.assign(amy.privileges, { '/': ['all'] })],
    [
      'a list of privileges',
      () => Object.assign(amy.privileges['/api/config'] ?? [], { 0: 'all' }),
    ],
    ['a method', () => Object.assign(amy, { can: () => true })],
  ])('can not be changed in %s', (_what, change) => {
    expect(change).toThrow(TypeError);
    expect(amy.can('read', '/api/config')).toBe(false);
  });

  it('answers what it may do', () => {
    expect(amy.admin).toBe(false);
    expect(amy.can('write', '/api/tasks')).toBe(true);
    expect(amy.can('read', '/api/config/influxdb')).toBe(false);
    expect(amy.canDatabase('write', 'mydb')).toBe(false);
    expect(writer.canDatabase('write', 'any/thing')).toBe(true);
    expect(writer.canDatabase('read', 'mydb')).toBe(false);
    expect(meta.canDatabase('read', 'a/b')).toBe(true);
    expect(meta.canDatabase('read', 'a')).toBe(false);
    expect(meta.canDatabase('read', 'a/b', 'autogen')).toBe(true);
    expect(meta.canDatabase('write', 'c', '..')).toBe(true);
    expect(meta.canDatabase('write', 'c')).toBe(false);
    expect(meta.canDatabase('write', 'c', 'autogen')).toBe(false);
  });

  it('may do nothing to a database without a name, not even as an administrator', () => {
    expect(root.canDatabase('read', '')).toBe(false);
    expect(writer.canDatabase('write', '')).toBe(false);
    expect(writer.canDatabase('write', '', 'autogen')).toBe(false);
    expect(root.canDatabase('write', 'mydb', '')).toBe(false);
  });

  it('refuses to judge a relative resource', () => {
    expect(() => root.can('read', 'api/tasks')).toThrow(MisuseError);
  });
});

describe('an administrator', () => {
  it.each([root, ADMIN_USER])('$name may do everything', (user) => {
    expect(user.admin).toBe(true);
    expect(user.can('all', '/')).toBe(true);
    expect(user.can('delete', '/api/config')).toBe(true);
    expect(user.canDatabase('all', 'mydb')).toBe(true);
  });

  it('is everyone, visibly, while nothing is enforced', () => {
    expect(ADMIN_USER).toMatchObject({ name: 'ADMIN_USER', type: 'admin', source: 'disabled' });
  });
});
