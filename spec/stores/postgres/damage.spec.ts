import type { UnusableUser } from '../../../lib/stores/subscription-store.js';
import { describePostgres } from '../../support/postgres.js';
import { amy, failureOf, newSchema, openStores, recordingLogger, until } from './stores.js';

describePostgres('A damaged row in PostgreSQL', (server) => {
  const { open } = openStores();

  /** A store with a usable admin, and a table that takes anything. */
  async function damaged(row: {
    name: string;
    type?: string;
    hash?: string;
    permissions?: string;
  }) {
    const schema = newSchema();
    const store = await open({ url: server().url(), schema });
    await store.create({ ...amy, type: 'admin' });
    const { name, type = 'normal', hash = amy.hash, permissions = '' } = row;
    const checks = await server().sql(
      `SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '${schema}.users'::regclass`,
    );
    for (const [check] of checks)
      await server().sql(`ALTER TABLE ${schema}.users DROP CONSTRAINT ${String(check)}`);
    const values = [name, type, hash, permissions].map((text) => `'${text.replaceAll("'", "''")}'`);
    await server().sql(`INSERT INTO ${schema}.users VALUES (${values.join(', ')})`);
    return store;
  }

  it.each([
    ['a hash of another scheme', { name: 'bob', hash: 'geheim' }, 'hash must be a bcrypt hash'],
    ['an unknown type', { name: 'bob', type: 'root' }, 'type must be'],
    ['an unknown permission', { name: 'bob', permissions: 'api,fly' }, 'permissions must be among'],
    ['a name that cannot be', { name: 'b\nob' }, 'username must contain only'],
    ['a long text', { name: 'bob', permissions: 'x'.repeat(100_000) }, 'permissions must be among'],
  ])('keeps its user out, and nobody else: %s', async (_, row, problem) => {
    const store = await damaged(row);
    const failure = await failureOf(store.find(row.name));
    expect(failure).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE', answered: true });
    expect(failure.message).toContain(problem);
    expect(failure.message).not.toContain('geheim');
    await expect(store.find('amy')).resolves.toMatchObject({ name: 'amy' });

    await expect(store.list()).rejects.toThrow(problem);
    const unusable: UnusableUser[] = [];
    const listed = await store.list({ onUnusable: (user) => unusable.push(user) });
    expect(listed.map(({ name }) => name)).toEqual(['amy']);
    expect(unusable).toHaveLength(1);
    // By the name that was shown it can be removed, and nobody else.
    const [{ name: shown } = { name: '' }] = unusable;
    expect(shown).toBe(row.name.replace('\n', '\\x0a'));
    await expect(store.delete(shown, { unusable: true })).resolves.toBe(true);
    await expect(store.list()).resolves.toHaveLength(1);
  });

  it('is no admin who could be the last one', async () => {
    const store = await damaged({ name: 'bob', type: 'admin', hash: 'geheim' });
    await expect(store.delete('amy')).rejects.toMatchObject({ code: 'ERR_KAUTH_LAST_ADMIN' });
  });
});

describePostgres('A store in PostgreSQL without its revision', (server) => {
  const { open } = openStores();

  it('lets nobody change users, and finds them', async () => {
    const schema = newSchema();
    const logger = recordingLogger();
    const store = await open({ url: server().url(), schema, logger });
    await store.create(amy);
    await server().sql(`DELETE FROM ${schema}.revision`);
    const failure = await failureOf(store.delete('amy'));
    expect(failure).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE', answered: true });
    const problem =
      /^the user database 127\.0\.0\.1:\d+\/postgres lacks the row of its table "revision": restore it from a backup$/;
    expect(failure.message).toMatch(problem);
    await until('it says so', () => logger.lines.length > 0);
    expect(logger.lines[0]).toContain('lacks the row of its table "revision"');
    await expect(store.find('amy')).resolves.toMatchObject(amy);
  });
});

describePostgres('Names in PostgreSQL', (server) => {
  const { open } = openStores();

  it('that it can not hold are unknown, and nothing is asked', async () => {
    const store = await open({ url: server().url(), schema: newSchema() });
    await store.create({ ...amy, name: 'a' });
    for (const name of ['a\0', '\0', '\ud800', 'a\udc00', 'n'.repeat(100_000)]) {
      await expect(store.find(name)).resolves.toBeUndefined();
      await expect(store.delete(name)).resolves.toBe(false);
      await expect(store.replaceHash(name, amy.hash, amy.hash)).resolves.toBe(false);
      await expect(store.update(name, {})).rejects.toMatchObject({
        code: 'ERR_KAUTH_USER_NOT_FOUND',
      });
      await expect(store.list({ pattern: `${name.slice(0, 9)}*` })).resolves.toHaveLength(0);
      await expect(store.subscriptions.find(name)).resolves.toBeUndefined();
    }
    await expect(store.list({ after: 'a\0' })).resolves.toEqual([]);
    await expect(store.list({ after: '\0' })).resolves.toHaveLength(1);
  });

  it('are listed page by page as of one moment, while others change them', async () => {
    const store = await open({ url: server().url(), schema: newSchema() });
    const name = (index: number) => `u${String(index).padStart(5, '0')}`;
    await store.putAll(
      Array.from({ length: 2_500 }, (_, index) => ({ user: { ...amy, name: name(index) } })),
    );
    const listing = store.list({ snapshot: true });
    await store.delete(name(2_499));
    const length = (await listing).length;
    expect([2_499, 2_500]).toContain(length);
    await expect(store.list()).resolves.toHaveLength(2_499);
    const page = await store.list({ after: name(1_000), limit: 2 });
    expect(page.map((user) => user.name)).toEqual([name(1_001), name(1_002)]);
    const deep = await store.list({ offset: 2_400, limit: 1 });
    expect(deep.map((user) => user.name)).toEqual([name(2_400)]);
    await expect(store.list({ pattern: 'u*99' })).resolves.toHaveLength(24);
  });
});
