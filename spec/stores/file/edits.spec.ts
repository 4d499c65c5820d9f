import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { AMY, FileBench } from '../file-bench.js';

const root = temporaryFolder();
const BOB = { ...AMY, name: 'bob' };
const ZOE = { ...AMY, name: 'zoe' };
let bench: FileBench;

beforeEach(() => {
  bench = new FileBench(root);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await bench.end();
});

/** Calls only the first time, in the midst of a change. */
function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** The names in a file. */
function namesIn(path: string): readonly string[] {
  const { users } = JSON.parse(readFileSync(path, 'utf8')) as { users: { name: string }[] };
  return users.map(({ name }) => name);
}

describe('an edit that is saved while a FileUserStore makes a change', () => {
  it.each<[string, () => void]>([
    [
      'in place',
      () => {
        bench.write([AMY, BOB]);
      },
    ],
    [
      'as a new file',
      () => {
        renameSync(bench.path, `${bench.path}~`);
        bench.write([AMY, BOB]);
      },
    ],
    [
      'with the size and time of what it replaces',
      () => {
        bench.write([AMY, { ...BOB, name: 'bab' }]);
        utimesSync(bench.path, 1e9, 1e9);
        bench.write([AMY, BOB]);
        utimesSync(bench.path, 1e9, 1e9);
      },
    ],
  ])('is kept, and so is the change: %s', async (_, save) => {
    bench.write([AMY]);
    const store = await bench.open();
    const after = await store.update('amy', { permissions: ['api'] }, { check: once(save) });
    expect(after.permissions).toEqual(['api']);
    expect(store.list()).toMatchObject([{ ...AMY, permissions: ['api'] }, BOB]);
    expect((await bench.open()).list()).toEqual(store.list());
  });

  it('is kept when it makes the file', async () => {
    const store = await bench.open();
    await store.create(BOB, {
      check: once(() => {
        bench.write([AMY]);
      }),
    });
    expect(namesIn(bench.path)).toEqual(['amy', 'bob']);
  });

  it('has the change judged by what it says', async () => {
    bench.write([AMY]);
    const store = await bench.open();
    const check = once(() => {
      bench.write([AMY, BOB]);
    });
    await expect(store.create(BOB, { check })).rejects.toMatchObject({
      code: 'ERR_KAUTH_USER_EXISTS',
    });
    expect(store.find('bob')).toMatchObject(BOB);
  });

  it('comes again each time: the change is refused in the end, and the last edit kept', async () => {
    bench.write([AMY]);
    const store = await bench.open();
    let edits = 0;
    const check = () => {
      edits += 1;
      bench.write([AMY, { ...BOB, name: `bob${String(edits)}` }]);
    };
    await expect(store.update('amy', { permissions: ['api'] }, { check })).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user file ${bench.path} was changed by others each time that this was about to change it: try again`,
    });
    expect(edits).toBe(5);
    expect(namesIn(bench.path)).toEqual(['amy', 'bob5']);
  });

  it('is no edit when the file is as old as before: the change is made at once', async () => {
    bench.write([AMY]);
    utimesSync(bench.path, 1e9, 1e9);
    const store = await bench.open();
    const check = jest.fn();
    await store.update('amy', { permissions: ['api'] }, { check });
    expect(check).toHaveBeenCalledTimes(1);
  });
});

describe('a file of users that is moved away', () => {
  const gone = (path: string) =>
    `the user file ${path} can't be used: it is gone: put it back, or restart to begin without users`;

  it('while a change is made is not made anew', async () => {
    bench.write([AMY]);
    const store = await bench.open();
    const check = once(() => {
      renameSync(bench.path, `${bench.path}.moved`);
    });
    await expect(store.update('amy', { permissions: ['api'] }, { check })).rejects.toThrow(
      gone(bench.path),
    );
    expect(existsSync(bench.path)).toBe(false);
    expect(namesIn(`${bench.path}.moved`)).toEqual(['amy']);
  });

  it('between two steps of a look at it is not made anew', async () => {
    bench.write([AMY]);
    const store = await bench.open();
    jest.spyOn(fsPromises, 'readFile').mockImplementationOnce(() => {
      rmSync(bench.path);
      return fsPromises.readFile(bench.path);
    });
    await expect(store.create(BOB)).rejects.toThrow(gone(bench.path));
    expect(existsSync(bench.path)).toBe(false);
  });
});

describe('a path that is a link', () => {
  let link: string;
  let other: string;

  beforeEach(() => {
    link = join(bench.folder, 'link.json');
    other = join(bench.folder, 'other.json');
    bench.write([AMY]);
    writeFileSync(other, JSON.stringify({ version: 1, users: [ZOE] }), { mode: 0o600 });
    symlinkSync('users.json', link);
  });

  const retarget = () => {
    symlinkSync('other.json', `${link}.new`);
    renameSync(`${link}.new`, link);
  };

  it('leads a change to where it leads once the lock is had', async () => {
    const store = await bench.open({ path: link });
    mkdirSync(`${bench.path}.lock`);
    const change = store.create(BOB);
    await new Promise((resolve) => setTimeout(resolve, 50));
    retarget();
    rmdirSync(`${bench.path}.lock`);
    await change;
    expect(namesIn(other)).toEqual(['bob', 'zoe']);
    expect(namesIn(bench.path)).toEqual(['amy']);
    expect(store.list()).toMatchObject([BOB, ZOE]);
  });

  it('leads a change to where it leads before it is made to last', async () => {
    const store = await bench.open({ path: link });
    await store.create(BOB, { check: once(retarget) });
    expect(namesIn(other)).toEqual(['bob', 'zoe']);
    expect(namesIn(bench.path)).toEqual(['amy']);
  });

  it('is locked with the file that it leads to', async () => {
    const second = join(bench.folder, 'second.json');
    symlinkSync('users.json', second);
    mkdirSync(`${bench.path}.lock`);
    for (const path of [link, second, bench.path]) {
      const store = await bench.open({ path, lockTimeout: 0 });
      await expect(store.create(BOB)).rejects.toThrow('is locked by another process');
    }
  });

  it('to a folder that is not there is said to lead nowhere', async () => {
    const lost = join(bench.folder, 'lost.json');
    symlinkSync('no-such-folder/users.json', lost);
    const store = await bench.open({ path: lost });
    await expect(store.create(BOB)).rejects.toThrow(
      `the user file ${lost} leads nowhere, though its folder is there: if it is a link, make the folder that it leads to`,
    );
  });
});

it('a file of two names is read with a warning, and not changed', async () => {
  bench.write([AMY]);
  linkSync(bench.path, `${bench.path}.backup`);
  const store = await bench.open();
  const problem =
    'it has more than one name (hard links), of which a change would reach one only: give it a file of its own (cp -p users.json new && mv new users.json)';
  expect(bench.logger.lines).toEqual([
    `warn WRN_KAUTH_STORE_FILE_LINKS: ${bench.path}: ${problem}`,
  ]);
  expect(store.find('amy')).toEqual(AMY);
  await expect(store.create(BOB)).rejects.toMatchObject({
    code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    message: `the user file ${bench.path} can't be used: ${problem}`,
  });
  rmSync(`${bench.path}.backup`);
  await store.create(BOB);
  expect(namesIn(bench.path)).toEqual(['amy', 'bob']);
});

it('is seen at once by a store that is told to look, however short a time ago it looked', async () => {
  bench.write([AMY]);
  const [store, other] = [await bench.open(), await bench.open()];
  for (let round = 0; round < 20; round += 1) {
    const permissions: StoredUser['permissions'] = round % 2 === 0 ? ['config_api'] : ['all'];
    const told: unknown[] = [];
    const stop = store.watch((name) => told.push(name));
    await other.update('amy', { permissions });
    await store.catchUp({ now: true });
    expect(store.find('amy')?.permissions).toEqual(permissions);
    expect(told).toEqual(['amy']);
    stop();
  }
});
