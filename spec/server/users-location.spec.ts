import { devNull } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../lib/index.js';
import { usersLocation } from '../../lib/server/users-location.js';

describe('usersLocation', () => {
  it.each([
    ['a relative path', { store: { path: 'users.db' } }, join(process.cwd(), 'users.db (sqlite)')],
    ['a file', { store: { path: '/srv/users.json' } }, '/srv/users.json (file)'],
    ['memory', { store: { path: ':memory:' } }, 'memory'],
    ['a meta node', { auth: { metaAddr: 'a:8091' } }, 'the meta node at a:8091'],
    ['meta nodes', { auth: { metaAddr: 'a:1,b:2' } }, 'the meta node at a:1, b:2'],
  ])('names %s', (_what, options, location) => {
    expect(usersLocation(loadConfig({ configFile: devNull, ...options }))).toBe(location);
  });
});
