import { existsSync, mkdirSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withFileLock } from '../../../lib/stores/file/file-lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let path: string;
let count = 0;

beforeEach(() => {
  path = join(folder, `${String(++count)}.json`);
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
});
