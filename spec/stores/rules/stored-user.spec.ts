import { canonicalUser } from '../../../lib/stores/rules/stored-user.js';

const hash = `$2b$04$${'a'.repeat(53)}`;

describe('canonicalUser', () => {
  it('fills in what was left out and freezes the user through and through', () => {
    const user = canonicalUser({ name: 'amy', hash, type: undefined });
    expect(user).toEqual({ name: 'amy', type: 'normal', hash, permissions: [] });
    expect(Object.isFrozen(user)).toBe(true);
    expect(Object.isFrozen(user.permissions)).toBe(true);
  });

  it('writes permissions down in one way', () => {
    const permissions = ['write_points', 'none', 'api', 'config_api', 'api'] as const;
    expect(canonicalUser({ name: 'amy', hash, permissions }).permissions).toEqual(['all']);
  });

  const wrong: readonly (readonly [what: string, user: unknown, message: string])[] = [
    ['no object', 'amy', 'a user must be an object with name, type, hash and permissions'],
    ['nothing', null, 'a user must be an object with name, type, hash and permissions'],
    ['a name that is no string', { name: 7, hash }, 'name must be a string'],
    ['an empty name', { name: '', hash }, 'username is required'],
    [
      'a name with a space',
      { name: 'a b', hash },
      `username must contain only letters, numbers, '-', '.', '@' and '_'. "a b"`,
    ],
    ['an unknown type', { name: 'amy', hash, type: 'root' }, 'type must be "admin" or "normal"'],
    ['no hash', { name: 'amy' }, 'hash must be a string'],
    [
      'a hash of another scheme',
      { name: 'amy', hash: '$1$secret' },
      'hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31',
    ],
    [
      'an unknown permission',
      { name: 'amy', hash, permissions: ['api', 'fly'] },
      'permissions must be among none, api, config_api, write_points, all',
    ],
    [
      'permissions in no list',
      { name: 'amy', hash, permissions: 'api' },
      'permissions must be a list',
    ],
    ['an unknown key', { name: 'amy', hash, TYPE: 'admin' }, 'Unrecognized key: "TYPE"'],
    ['privileges', { name: 'amy', hash, privileges: {} }, 'Unrecognized key: "privileges"'],
    [
      'two mistakes',
      { name: 'amy', hash: 'secret', type: 'root' },
      'type must be "admin" or "normal"; hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31',
    ],
  ];

  it.each(wrong)('refuses %s', (_, user, message) => {
    // As a caller without types would.
    expect((): unknown => Reflect.apply(canonicalUser, undefined, [user])).toThrow(
      expect.objectContaining({ code: 'ERR_KAUTH_INVALID_REQUEST', message }),
    );
  });
});
