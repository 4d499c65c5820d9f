import { devNull } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../lib/index.js';
import { usersLocation } from '../../lib/server/users-location.js';

describe('usersLocation', () => {
  it.each([
    ['a relative path', { store: { path: 'users.db' } }, join(process.cwd(), 'users.db (sqlite)')],
    ['a file', { store: { path: '/srv/users.json' } }, '/srv/users.json (file)'],
    ['memory', { store: { path: ':memory:' } }, 'memory'],
    [
      'a database',
      { store: { url: 'postgres://amy:s3cret@db.example/users' } },
      'db.example:5432/users (postgres, schema kapacitor_auth)',
    ],
    [
      'databases',
      { store: { url: 'postgres://amy:s3cret@[::1]:1,%2Frun:2/a%20b', schema: 'auth' } },
      '[::1]:1/a b, /run:2/a b (postgres, schema auth)',
    ],
    ['a meta node', { auth: { metaAddr: 'a:8091' } }, 'the meta node at a:8091'],
    ['meta nodes', { auth: { metaAddr: 'a:1,b:2' } }, 'the meta node at a:1, b:2'],
  ])('names %s', (_what, options, location) => {
    expect(usersLocation(loadConfig({ configFile: devNull, ...options }))).toBe(location);
  });
});
