import { join } from 'node:path';
import { SqliteUserStore } from '../../lib/index.js';
import { silentLogger } from '../../lib/logger.js';
import { CommandLine } from '../cli/command-line.js';
import { tamper } from '../stores/sqlite/damaged-database.js';
import { basic, openAuth } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;

/** Texts that would mean "admin" if they were taken for the shown name of a damaged user. */
const ESCAPED = ['adm\\x69n', '\\x61dmin', '\\text:admin', '\\x61\\x64\\x6d\\x69\\x6e'];

/** A database with the only admin in it. */
async function withAdmin() {
  const path = join(folder, `${String(++places)}.db`);
  const store = new SqliteUserStore(path, { logger: silentLogger });
  const auth = openAuth({ store });
  const { users } = auth;
  if (users === undefined) throw new Error('no users');
  await users.create({ name: 'admin', password: 'admin-pw', type: 'admin' });
  const logIn = () =>
    auth.authenticate({ headers: { authorization: basic('admin', 'admin-pw') }, url: '/' });
  return { path, store, users, logIn };
}

describe.each(ESCAPED)('a user who can be used is not removed by %s', (name) => {
  it.each([
    ['as anybody may ask', {}],
    ['as the command line asks', { unusable: true }],
    ['by force', { unusable: true, force: true }],
  ])('%s', async (_, options) => {
    const { users, logIn } = await withAdmin();
    const check = jest.fn();
    await expect(logIn()).resolves.toMatchObject({ name: 'admin' });
    await expect(users.delete(name, { ...options, check })).resolves.toBe(false);
    await expect(users.get('admin')).resolves.toMatchObject({ type: 'admin' });
    await expect(logIn()).resolves.toMatchObject({ name: 'admin' });
    expect(check).not.toHaveBeenCalled();
  });
});

it('a damaged user is removed by the shown name only if that is asked for, and everybody is looked up again', async () => {
  const { path, store, users, logIn } = await withAdmin();
  tamper(path, (database) => {
    database.exec(
      "INSERT INTO users (name, type, hash, permissions) SELECT CAST(x'616dff' AS TEXT), type, hash, '' FROM users",
    );
  });
  await expect(users.delete('am\\xff')).resolves.toBe(false);
  // Another spelling of the same bytes.
  await expect(users.delete('\\x61m\\xff', { unusable: true })).resolves.toBe(false);
  const told: unknown[] = [];
  const stop = store.watch((name) => told.push(name));
  const find = jest.spyOn(store, 'find');
  await logIn();
  find.mockClear();
  await expect(users.delete('am\\xff', { unusable: true })).resolves.toBe(true);
  expect(told).toContain(undefined);
  await logIn();
  expect(find).toHaveBeenCalledWith('admin', expect.anything());
  stop();
});

it('a subscription that can be used is ended by its own digest only', async () => {
  const { store } = await withAdmin();
  const digest = 'a'.repeat(64);
  const created = '2026-11-24T10:00:00.000Z';
  await store.subscriptions.put({ digest, cluster: 'c', database: 'd', created });
  for (const text of [`\\x61${digest.slice(1)}`, `\\text:${digest}`, '']) {
    await expect(store.subscriptions.delete(text)).resolves.toBe(false);
  }
  await expect(store.subscriptions.find(digest)).resolves.toBeDefined();
  await expect(store.subscriptions.delete(digest)).resolves.toBe(true);
});

it('users rm finds nobody by an escaped name', async () => {
  const line = new CommandLine();
  await line.add('admin --type admin');
  await line.add('amy');
  for (const name of ['adm\\x69n', '\\x61my']) {
    const { exitCode, stderr } = await line.run(['users', 'rm', name]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no user');
  }
  expect(await line.users()).toHaveLength(2);
  line.remove();
});
