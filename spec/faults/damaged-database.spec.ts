import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'libsql';
import { silentLogger } from '../../lib/logger.js';
import { SqliteUserStore } from '../../lib/stores/sqlite-store.js';
import { spawnWithLib } from '../support/lib-process.js';
import { rounds, seed, tally } from '../support/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { damage, numbersFrom } from './damage.js';

const folder = temporaryFolder();
const ROUNDS = rounds({ usual: 12, nightly: 1_000 });
/** Databases that one process is given, one after another. */
const TOGETHER = 6;

/** Everything that a store can be asked, of each database; it may fail, in its own words, and must end. */
const USE = `
  const { createHash } = require('node:crypto');
  const { SqliteUserStore, KapacitorAuthError } = lib('index.js');
  const silent = () => undefined;
  const logger = { info: silent, warn: silent, error: silent, debug: silent };
  const hash = '$2b$04$' + 'a'.repeat(53);
  const digest = (index) => createHash('sha256').update(String(index)).digest('hex');
  let foreign = 0;
  const attempt = async (action) => {
    try { return await action(); }
    catch (error) { if (!(error instanceof KapacitorAuthError)) foreign += 1; }
  };
  for (const file of args) {
    const store = new SqliteUserStore(file, { logger });
    await attempt(() => store.open());
    await attempt(() => store.hashCost);
    await attempt(() => store.check());
    for (const options of [{}, { limit: 1 }, { offset: 250, limit: 20 }, { pattern: 'user1*' }, { pattern: '*' }]) {
      await attempt(() => store.list(options));
      await attempt(() => store.list({ ...options, onUnusable: () => undefined }));
    }
    for (let index = 0; index < 300; index++) await attempt(() => store.find('user' + index));
    await attempt(() => store.subscriptions.list());
    await attempt(() => store.subscriptions.list({ onUnusable: () => undefined }));
    for (let index = 0; index < 20; index++) await attempt(() => store.subscriptions.find(digest(index)));
    await attempt(() => store.create({ name: 'new', type: 'normal', hash, permissions: ['api'] }));
    for (let index = 0; index < 300; index += 7) await attempt(() => store.update('user' + index, { permissions: [] }));
    for (let index = 0; index < 300; index += 11) await attempt(() => store.delete('user' + index));
    await attempt(() => store.delete('am\\\\xff', { unusable: true }));
    await attempt(() => store.subscriptions.put({ digest: digest('new'), cluster: 'c', database: 'd', created: '2026-11-24T10:00:00.000Z' }));
    await attempt(() => store.subscriptions.deleteDatabase('db3'));
    await attempt(() => store.close());
  }
  console.log(JSON.stringify({ foreign }));
  process.exit();
`;

/** A database of 300 users and 20 subscriptions. */
async function sound(): Promise<{ file: string; log: string }> {
  const file = join(folder, 'sound.db');
  const store = new SqliteUserStore(file, { logger: silentLogger });
  await store.open();
  const database = new Database(file);
  database.exec(
    `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 299)
     INSERT INTO users (name, type, hash, permissions)
       SELECT 'user' || n, iif(n % 50, 'normal', 'admin'), '$2b$04$' || printf('%.*c', 53, 'a'), 'api' FROM number;
     PRAGMA wal_checkpoint(TRUNCATE)`,
  );
  database.exec(
    `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 19)
     INSERT INTO subscriptions SELECT printf('%064x', n), 'default', 'db' || n, '', '2026-11-24T10:00:00.000Z' FROM number`,
  );
  const log = join(folder, 'sound.log');
  copyFileSync(`${file}-wal`, log);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  database.close();
  await store.close();
  return { file: copy, log };
}

it(`no damage of a database or its log ends a process that has users in it (seed ${String(seed)})`, async () => {
  const { file, log } = await sound();
  const [bytes, logBytes] = [readFileSync(file), readFileSync(log)];
  expect(logBytes.length).toBeGreaterThan(4096);
  const next = numbersFrom(seed);
  for (let round = 0; round < ROUNDS; round += TOGETHER) {
    const made = Array.from({ length: Math.min(TOGETHER, ROUNDS - round) }, (_, index) => {
      const path = join(folder, `damaged-${String(index)}.db`);
      const ofLog = next(4) === 0;
      writeFileSync(path, ofLog ? bytes : damage(bytes, next), { mode: 0o600 });
      writeFileSync(`${path}-wal`, ofLog ? damage(logBytes, next) : logBytes);
      if (next(4) === 0) writeFileSync(`${path}-shm`, randomBytes(next(40_000)));
      else rmSync(`${path}-shm`, { force: true });
      return path;
    });
    const child = spawnWithLib({ script: USE, args: made });
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    expect({ round, code, signal, stderr, stdout }).toEqual({
      round,
      code: 0,
      signal: null,
      stderr: '',
      stdout: '{"foreign":0}\n',
    });
  }
  tally('damaged databases', ROUNDS);
});
