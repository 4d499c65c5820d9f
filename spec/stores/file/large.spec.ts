import { once } from 'node:events';
import fsPromises from 'node:fs/promises';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { AMY, FileBench, HASH } from '../file-bench.js';

const root = temporaryFolder();
let bench: FileBench;

beforeEach(() => {
  bench = new FileBench(root);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await bench.end();
});

function many(count: number, hash = HASH) {
  return Array.from({ length: count }, (_, index) => ({
    ...AMY,
    name: `user${String(index)}`,
    hash,
  }));
}

const NEW_HASH = HASH.replace('04', '05');

describe('a change of ten thousand users by another', () => {
  it('is seen as a whole, after turns in which all is as before', async () => {
    bench.write(many(10_000));
    const { store, look } = await bench.openLooking();
    const told = new Set<unknown>();
    store.watch((name) => {
      told.add(name);
      // Whoever is told finds all that is new.
      expect(store.find('user9999')?.hash).toBe(NEW_HASH);
    });
    const seen: string[] = [];
    let isOver = false;
    const sample = () => {
      if (isOver) return;
      const hashes = ['user0', 'user5000', 'user9999'].map((name) => store.find(name)?.hash);
      seen.push([...new Set(hashes)].join());
      setImmediate(sample);
    };
    bench.write(many(10_000, NEW_HASH));
    setImmediate(sample);
    await look();
    sample();
    isOver = true;
    expect(told.size).toBe(10_000);
    expect(new Set(seen)).toEqual(new Set([HASH, NEW_HASH]));
    expect(seen.lastIndexOf(HASH)).toBeLessThan(seen.indexOf(NEW_HASH));
    expect(seen.indexOf(NEW_HASH)).toBeGreaterThan(10);
  });

  it('is kept by a change that is asked for while it is read, and found as soon as that is acknowledged', async () => {
    bench.write(many(10_000));
    const { store, look } = await bench.openLooking();
    bench.write(many(10_000, NEW_HASH));
    const looking = look();
    await store.update('user1', { permissions: ['api'] });
    expect(store.find('user1')).toMatchObject({
      ...AMY,
      name: 'user1',
      hash: NEW_HASH,
      permissions: ['api'],
    });
    await looking;
    expect(store.find('user1')?.permissions).toEqual(['api']);
  });
});

it('two looks that are both overdue are both waited for', async () => {
  bench.write([AMY]);
  const { store } = await bench.openLooking();
  bench.write([]);
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 2_000);
  const gate = new EventTarget();
  jest.spyOn(fsPromises, 'readFile').mockImplementationOnce(async (path) => {
    await once(gate, 'open');
    return fsPromises.readFile(path);
  });
  const first = store.catchUp();
  clock.mockReturnValue(now + 4_000);
  const second = store.catchUp();
  expect(second).toBeDefined();
  expect(second).not.toBe(first);
  // The first look has to come to the gate.
  await new Promise((resolve) => setImmediate(resolve));
  while (!jest.mocked(fsPromises.readFile).mock.calls.length)
    await new Promise((resolve) => setImmediate(resolve));
  gate.dispatchEvent(new Event('open'));
  await first;
  const waited = store.catchUp();
  expect(waited).toBeDefined();
  await waited;
  expect(store.catchUp()).toBeUndefined();
  expect(store.find('amy')).toBeUndefined();
});

it('warns of more than twenty thousand users, once for each store that is opened', async () => {
  bench.write(many(20_000));
  const { store, look } = await bench.openLooking();
  expect(bench.logger.lines).toEqual([]);
  const warning = `warn WRN_KAUTH_STORE_FILE_SIZE: ${bench.path} holds 20001 users, and is read and written as a whole at each change: keep them in SQLite (store.path without .json, users export and import)`;
  await store.create(AMY);
  await store.update('amy', { permissions: ['api'] });
  await look();
  expect(bench.logger.lines).toEqual([warning]);
  await bench.open();
  expect(bench.logger.lines).toEqual([warning, warning]);
});
