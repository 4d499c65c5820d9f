import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'libsql';
import request from 'supertest';
import type { KapacitorAuth } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { createApp } from '../../../lib/server/app.js';
import { LostLines } from '../../../lib/server/lost-lines.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { WrittenLog } from '../../server/written-log.js';
import { listeningLogger } from '../../support/listening-logger.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const folder = temporaryFolder();
let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);
const hash = `$2b$04$${'.'.repeat(53)}`;

/** A database of users in one file, as a backup is, that no connection has open. */
async function databaseOf(...names: readonly string[]): Promise<string> {
  const path = newPath();
  const store = new SqliteUserStore(path);
  for (const name of names) await store.create({ name, type: 'normal', hash, permissions: [] });
  await store.close();
  const copy = newPath();
  const database = new Database(path);
  database.exec(`VACUUM INTO '${copy}'`);
  database.close();
  return copy;
}

async function openStore(path: string): Promise<SqliteUserStore> {
  const store = new SqliteUserStore(path, { logger: listeningLogger() });
  await store.open();
  return store;
}

const namesIn = async (store: SqliteUserStore) => (await store.list()).map(({ name }) => name);

function integrityOf(path: string): unknown {
  const database = new Database(path);
  const [found] = database.prepare('PRAGMA integrity_check').raw().all();
  database.close();
  return found;
}

describe('a database that is replaced while it is open', () => {
  it('is the new one for every question and change', async () => {
    const path = newPath();
    const store = await openStore(path);
    await store.create({ name: 'removed', type: 'normal', hash, permissions: [] });
    renameSync(await databaseOf('added'), path);
    expect(await store.find('removed')).toBeUndefined();
    expect(await store.find('added')).toMatchObject({ name: 'added' });
    await store.create({ name: 'later', type: 'normal', hash, permissions: [] });
    const other = await openStore(path);
    expect(await namesIn(other)).toEqual(['added', 'later']);
    await other.create({ name: 'elsewhere', type: 'normal', hash, permissions: [] });
    expect(await namesIn(store)).toEqual(['added', 'elsewhere', 'later']);
    await other.close();
    await store.close();
    expect(integrityOf(path)).toEqual(['ok']);
  });

  it('is noticed by who watches, though nobody asks', async () => {
    const path = newPath();
    const store = await openStore(path);
    const told = new Promise<string | undefined>((resolve) => store.watch(resolve));
    renameSync(await databaseOf('added'), path);
    expect(await told).toBeUndefined();
    expect(await store.find('added')).toBeDefined();
    await store.close();
  });

  it('leaves no log of the old one beside the new one', async () => {
    const path = newPath();
    const store = await openStore(path);
    await store.create({ name: 'old', type: 'normal', hash, permissions: [] });
    const log = statSync(`${path}-wal`).ino;
    renameSync(await databaseOf('added'), path);
    await store.check();
    expect(existsSync(`${path}-wal`) && statSync(`${path}-wal`).ino === log).toBe(false);
    expect(await namesIn(store)).toEqual(['added']);
    await store.close();
  });

  it('during a change: that is not acknowledged, and can be tried again', async () => {
    const path = newPath();
    const store = await openStore(path);
    await store.create({ name: 'amy', type: 'normal', hash, permissions: [] });
    const replacement = await databaseOf('amy');
    const check = () => {
      if (existsSync(replacement)) renameSync(replacement, path);
    };
    const changing = () => store.update('amy', { permissions: ['api'] }, { check });
    await expect(changing()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} was replaced or taken away meanwhile: try again`,
    });
    expect(await store.find('amy')).toMatchObject({ permissions: [] });
    expect(await changing()).toMatchObject({ permissions: ['api'] });
    await store.close();
  });
});

describe('a database that is taken away', () => {
  it('finds nobody, and keeps nothing, until there is one', async () => {
    const path = newPath();
    const store = await openStore(path);
    await store.create({ name: 'amy', type: 'normal', hash, permissions: [] });
    const away = newPath();
    renameSync(path, away);
    const gone = {
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} is gone: put it back, or restart to begin without users`,
    };
    const bob = { name: 'bob', type: 'normal' as const, hash, permissions: [] };
    for (const question of [
      async () => store.find('amy'),
      async () => store.list(),
      async () => store.check(),
      async () => store.create(bob),
      async () => store.delete('amy'),
      async () => store.replaceHash('amy', hash, hash),
      async () => store.subscriptions.list(),
    ]) {
      await expect(question()).rejects.toMatchObject(gone);
    }
    expect(existsSync(path)).toBe(false);
    renameSync(away, path);
    expect(await store.find('amy')).toBeDefined();
    expect(await store.create(bob)).toMatchObject({ name: 'bob' });
    await store.close();
  });

  it('lets nobody in, and says so to health checks', async () => {
    const path = newPath();
    const auth: KapacitorAuth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      store: { type: 'sqlite', path },
      logger: listeningLogger(),
    });
    await auth.users?.create({ name: 'root', password: 'pw', type: 'admin' });
    const app = createApp(auth, {
      logger: new WrittenLog().logger,
      lostLines: new LostLines(),
    }).listener;
    await request(app).get('/kapacitor/v1/users').auth('root', 'pw').expect(200);
    await request(app).get('/health').expect(200);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    // It is noticed within a second, by who is remembered as well.
    let status = 200;
    await until('the loss is noticed', async () => {
      ({ status } = await request(app).get('/kapacitor/v1/users').auth('root', 'pw'));
      return status !== 200;
    });
    expect(status).toBe(503);
    // Its answer may be a moment old.
    await delay(300);
    await request(app).get('/health').expect(503, { status: 'fail' });
    const body = { name: 'lost', password: 'pw' };
    await request(app).post('/kapacitor/v1/users').auth('root', 'pw').send(body).expect(503);
    renameSync(await databaseOf('amy'), path);
    await delay(300);
    await request(app).get('/health').expect(200);
    await request(app).get('/kapacitor/v1/users').auth('root', 'pw').expect(401);
    await auth.close();
  });
});
