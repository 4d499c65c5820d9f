import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { userStoreContract } from 'kapacitor-auth/store-contract';
import { FileUserStore } from '../../lib/stores/file-store.js';
import { KEEPING_ALL } from '../support/keeping-all.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { AMY, FileBench, HASH } from './file-bench.js';

const root = temporaryFolder();
let bench: FileBench;

beforeEach(() => {
  bench = new FileBench(root);
});

afterEach(async () => {
  await bench.end();
});

describe('a FileUserStore as a user store', () => {
  const cases = userStoreContract((place) => new FileUserStore(join(root, `${place}.json`)), {
    subscriptions: true,
    ...KEEPING_ALL,
  });
  for (const { name, run } of cases) it(name, run);
});

describe('a FileUserStore', () => {
  it('holds nobody where there is no file, and makes none before there is somebody', async () => {
    const store = await bench.open();
    expect(store.list()).toEqual([]);
    expect(store.hashCost).toBe(0);
    expect(existsSync(bench.path)).toBe(false);
    await store.create(AMY);
    expect(store.hashCost).toBe(4);
    expect(JSON.parse(readFileSync(bench.path, 'utf8'))).toMatchObject({
      version: 2,
      users: [AMY],
    });
    expect(statSync(bench.path).mode & 0o777).toBe(0o600);
  });

  it('takes a relative path, and says when its folder is missing', async () => {
    const store = new FileUserStore('no-such-folder/users.json');
    await expect(store.open()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user file ${join(process.cwd(), 'no-such-folder/users.json')} is in a folder that does not exist: make the folder, or set store.path`,
    });
  });

  it('sees an edit by hand, whatever it is, and tells who changed', async () => {
    bench.write([AMY, { ...AMY, name: 'bob' }]);
    const { store, look } = await bench.openLooking();
    const told: unknown[] = [];
    store.watch((name) => told.push(name));
    await look();
    expect(told).toEqual([]);

    bench.write([
      { ...AMY, permissions: ['api'] },
      { ...AMY, name: 'zoe' },
    ]);
    await look();
    expect(store.list().map(({ name }) => name)).toEqual(['amy', 'zoe']);
    expect(store.find('amy')?.permissions).toEqual(['api']);
    expect(told.sort()).toEqual(['amy', 'bob', 'zoe']);

    renameSync(bench.path, `${bench.path}.1`);
    bench.write([AMY]);
    await look();
    expect(store.list()).toEqual([AMY]);
  });

  it('sees a change that has the size and time of what it replaces', async () => {
    const past = new Date('2020-01-01');
    bench.write([AMY]);
    utimesSync(bench.path, past, past);
    const { store, look } = await bench.openLooking();
    await look();
    bench.write([{ ...AMY, hash: HASH.replace('04', '05') }]);
    utimesSync(bench.path, past, past);
    await look();
    expect(store.hashCost).toBe(5);
  });

  it('knows at once what stood in the way of a change', async () => {
    const { store } = await bench.openLooking();
    bench.write([AMY]);
    await expect(store.create(AMY)).rejects.toMatchObject({ code: 'ERR_KAUTH_USER_EXISTS' });
    expect(store.find('amy')).toEqual(AMY);
  });

  it('leaves the file alone where a change changes nothing', async () => {
    bench.write([AMY]);
    const store = await bench.open();
    const { ino, mtimeNs } = statSync(bench.path, { bigint: true });
    expect(await store.update('amy', {})).toEqual(AMY);
    expect(await store.update('amy', { permissions: ['none'] })).toEqual(AMY);
    expect(await store.delete('bob')).toBe(false);
    expect(await store.replaceHash('amy', 'other', HASH)).toBe(false);
    expect(statSync(bench.path, { bigint: true })).toMatchObject({ ino, mtimeNs });
  });

  it('finishes the changes that it was asked for before it closes', async () => {
    const store = await bench.open();
    const changes = Promise.all([store.create(AMY), store.create({ ...AMY, name: 'bob' })]);
    await store.close();
    await changes;
    expect(readFileSync(bench.path, 'utf8')).toContain('"bob"');
    await store.open();
    expect(store.list()).toHaveLength(2);
  });

  it('refuses changes while another program holds the lock, and knows its users all the same', async () => {
    bench.write([AMY]);
    const store = await bench.open({ lockTimeout: 0 });
    mkdirSync(`${bench.path}.lock`);
    await expect(store.delete('amy')).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user file ${bench.path} is locked by another process that keeps changing it: try again`,
    });
    expect(store.find('amy')).toEqual(AMY);
  });

  it.each([
    ['to a file', [AMY]],
    ['to where no file is yet', undefined],
  ])('follows a symbolic link %s and leaves it a link', async (_, users) => {
    const path = join(bench.folder, 'link.json');
    symlinkSync('users.json', path);
    if (users !== undefined) bench.write(users);
    const store = await bench.open({ path });
    await store.create({ ...AMY, name: 'bob' });
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(lstatSync(bench.path).isFile()).toBe(true);
    expect((await bench.open()).list()).toEqual(store.list());
  });

  it('warns once of a file that is open to others, and closes it with the first change', async () => {
    bench.write([AMY]);
    chmodSync(bench.path, 0o640);
    const { store, look } = await bench.openLooking();
    await look();
    expect(bench.logger.lines).toEqual([
      `warn WRN_KAUTH_STORE_FILE_MODE: ${bench.path} holds password hashes and is open to others: set its mode to 0600`,
    ]);
    await store.delete('amy');
    expect(statSync(bench.path).mode & 0o777).toBe(0o600);
  });

  it.each(['root:x:0:0:root:/root:/bin/bash\n', '[1, 2]', '{}'])(
    'does not warn of a file that is open to others and no store: %j',
    async (content) => {
      writeFileSync(bench.path, content, { mode: 0o644 });
      linkSync(bench.path, join(bench.folder, 'second'));
      await expect(bench.open()).rejects.toThrow("can't be used");
      expect(bench.logger.lines).toEqual([]);
    },
  );

  it('is silent where it is given no logger', async () => {
    bench.write([AMY]);
    const store = await bench.open({ logger: undefined });
    writeFileSync(bench.path, '');
    await expect(store.delete('amy')).rejects.toThrow("can't be used");
  });

  it('holds ten thousand users', async () => {
    bench.write(
      Array.from({ length: 10_000 }, (_, index) => ({ ...AMY, name: `user${String(index)}` })),
    );
    const store = await bench.open();
    expect(store.find('user9999')).toEqual({ ...AMY, name: 'user9999' });
    await store.create(AMY);
    expect(store.list({ offset: 9_998 }).map(({ name }) => name)).toEqual([
      'user9997',
      'user9998',
      'user9999',
    ]);
    expect((await bench.open()).list()).toHaveLength(10_001);
  });
});
