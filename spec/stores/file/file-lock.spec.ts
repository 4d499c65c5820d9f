import {
  existsSync,
  lstatSync,
  mkdirSync,
  rmdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withFileLock } from '../../../lib/stores/file/file-lock.js';
import { futureLock, lockTrouble } from '../../../lib/stores/file/lock-trouble.js';
import { LockWatch } from '../../../lib/stores/file/lock-watch.js';
import { UserFileError } from '../../../lib/stores/file/user-file-format.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let path: string;
let count = 0;

beforeEach(() => {
  path = join(folder, `${String(++count)}.json`);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('withFileLock', () => {
  it('lets one work at a time, and all in the end', async () => {
    let atWork = 0;
    const work = async () => {
      expect(++atWork).toBe(1);
      await delay(1);
      atWork--;
      return 'done';
    };
    const all = Array.from({ length: 20 }, () => withFileLock(path, 10_000, work));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('gives up when another holds the lock for too long', async () => {
    mkdirSync(`${path}.lock`);
    const work = jest.fn();
    await expect(withFileLock(path, 30, work)).rejects.toMatchObject({ code: 'ELOCKED' });
    expect(work).not.toHaveBeenCalled();
  });

  it('takes the lock of a process that died', async () => {
    mkdirSync(`${path}.lock`);
    const past = Date.now() / 1000 - 60;
    utimesSync(`${path}.lock`, past, past);
    await expect(withFileLock(path, 30, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('does not wait where there can be no lock', async () => {
    const nowhere = join(path, 'users.json');
    await expect(withFileLock(nowhere, 1e9, jest.fn())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets go of the lock when the work fails', async () => {
    const failure = new Error('out of order');
    await expect(withFileLock(path, 30, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('has the work count where the lock can not be let go of', async () => {
    const work = () => {
      writeFileSync(join(`${path}.lock`, 'obstacle'), '');
      return Promise.resolve('done');
    };
    await expect(withFileLock(path, 30, work)).resolves.toBe('done');
  });

  it('has the work count where the lock was lost meanwhile', async () => {
    const work = async () => {
      rmdirSync(`${path}.lock`);
      // Long enough to be noticed.
      await delay(1200);
      return 'done';
    };
    await expect(withFileLock(path, 30, work)).resolves.toBe('done');
  });

  it.each<[string, (lock: string) => void, string]>([
    [
      'a file',
      (lock) => {
        writeFileSync(lock, '');
      },
      'is a file in place of a folder: remove it',
    ],
    [
      'a file of long ago',
      (lock) => {
        writeFileSync(lock, '');
        utimesSync(lock, 1e9, 1e9);
      },
      'is a file in place of a folder: remove it',
    ],
    [
      'a link to a folder',
      (lock) => {
        symlinkSync('.', lock);
      },
      'is a link in place of a folder: remove it',
    ],
    [
      'a link to nowhere',
      (lock) => {
        symlinkSync('no-such-folder', lock);
      },
      'is a link in place of a folder: remove it',
    ],
    [
      'a folder with something in it',
      (lock) => {
        mkdirSync(join(lock, 'something'), { recursive: true });
      },
      'is a folder with something in it that no lock has: remove it',
    ],
    [
      'a folder with something in it of long ago',
      (lock) => {
        mkdirSync(join(lock, 'something'), { recursive: true });
        utimesSync(lock, 1e9, 1e9);
      },
      'is a folder with something in it that no lock has: remove it',
    ],
  ])('says at once that its place is taken by %s, and leaves it', async (_, place, problem) => {
    const lock = `${path}.lock`;
    place(lock);
    await expect(withFileLock(path, 1e9, jest.fn())).rejects.toThrow(
      new UserFileError(`its lock ${lock} ${problem}`),
    );
    expect(lstatSync(lock, { throwIfNoEntry: false })).toBeDefined();
  });

  it('says that a lock bears a time in the future when it can not wait any longer', async () => {
    const lock = `${path}.lock`;
    mkdirSync(lock);
    const future = Date.now() / 1000 + 3600;
    utimesSync(lock, future, future);
    await expect(withFileLock(path, 30, jest.fn())).rejects.toThrow(
      `its lock ${lock} bears a time in the future: if no process changes users, remove it`,
    );
  });

  it('takes a lock that was left behind by a clock that is ahead, and leaves one that shows life', async () => {
    const ahead = () => Date.now() / 1000 + 3600;
    const [dead, alive] = [`${path}.dead`, `${path}.alive`];
    for (const one of [dead, alive]) {
      mkdirSync(`${one}.lock`);
      utimesSync(`${one}.lock`, ahead(), ahead());
    }
    const life = setInterval(() => {
      utimesSync(`${alive}.lock`, ahead(), ahead());
    }, 1000);
    const isOver = new AbortController();
    const waiting = withFileLock(alive, 1e9, () => {
      expect(isOver.signal.aborted).toBe(true);
      return Promise.resolve('let in');
    });
    await expect(withFileLock(dead, 1e9, () => Promise.resolve('taken'))).resolves.toBe('taken');
    // As long again: it has seen the other lock move all the time.
    await delay(1500);
    isOver.abort();
    clearInterval(life);
    rmdirSync(`${alive}.lock`);
    await expect(waiting).resolves.toBe('let in');
  }, 30_000);
});

describe('a look at a lock', () => {
  it('sees nothing wrong in a lock, nor where it was let go of', async () => {
    const lock = `${path}.lock`;
    expect(await lockTrouble(lock)).toBeUndefined();
    expect(await futureLock(lock, 0)).toBeUndefined();
    mkdirSync(lock);
    expect(await lockTrouble(lock)).toBeUndefined();
    expect(await futureLock(lock, 5000)).toBeUndefined();
    jest.spyOn(fsPromises, 'readdir').mockImplementationOnce(() => {
      rmdirSync(lock);
      return Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }));
    });
    expect(await lockTrouble(lock)).toBeUndefined();
  });

  it('does not count the time in which this process stood still itself', async () => {
    const lock = `${path}.lock`;
    const watch = new LockWatch(lock, { patience: 5000, longestStep: 1000 });
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    await watch.look();
    mkdirSync(lock);
    await watch.look();
    for (const [now, isThere] of [
      [3_600_000, true],
      [7_200_000, true],
      [7_200_900, true],
      [7_201_800, true],
      [7_202_700, true],
      [7_203_600, false],
    ] as const) {
      clock.mockReturnValue(now);
      await watch.look();
      expect(existsSync(lock)).toBe(isThere);
    }
  });
});
