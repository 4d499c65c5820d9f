import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FileReplacement } from '../../../lib/stores/file/file-replacement.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let folder: string;
let path: string;

beforeEach(() => {
  folder = join(root, expect.getState().currentTestName?.replace(/\W/g, '-') ?? '');
  path = join(folder, 'users.json');
  mkdirSync(folder);
});

describe('FileReplacement', () => {
  it('makes a file that only its owner may read and write', async () => {
    const replacement = await FileReplacement.begin(path);
    await replacement.write('new');
    await replacement.commit();
    await replacement.end();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['users.json']);
  });

  it('leaves all as it was when it ends without a commit', async () => {
    writeFileSync(path, 'old', { mode: 0o640 });
    const replacement = await FileReplacement.begin(path);
    await replacement.end();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['users.json']);
  });

  it('refuses to commit once another has begun', async () => {
    writeFileSync(path, 'old');
    const first = await FileReplacement.begin(path);
    const second = await FileReplacement.begin(path);
    await first.write('first');
    await expect(first.commit()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `another process has taken over the user file ${path}: try again`,
    });
    await first.end();
    await second.write('second');
    await second.commit();
    await second.end();
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(folder)).toEqual(['users.json']);
  });

  it('removes what killed processes left behind, and nothing else', async () => {
    const others = ['users.json.bak', 'users.json.old.tmp', 'users.tmp', 'other.json.tmp'];
    const left = [`users.json.${'0'.repeat(36)}.tmp`, `users.json.${'f'.repeat(36)}.tmp`];
    for (const name of [...others, ...left]) writeFileSync(join(folder, name), '');
    const replacement = await FileReplacement.begin(path);
    await replacement.end();
    expect(readdirSync(folder).sort()).toEqual(others.sort());
  });

  it('leaves nothing behind when it can not begin', async () => {
    mkdirSync(join(folder, `users.json.${'0'.repeat(36)}.tmp`));
    await expect(FileReplacement.begin(path)).rejects.toThrow('directory');
    expect(readdirSync(folder)).toEqual([`users.json.${'0'.repeat(36)}.tmp`]);
  });

  it('leaves the file to its owner', async () => {
    const uid = process.getuid?.() === 0 ? 12_345 : process.getuid?.();
    writeFileSync(path, 'old');
    chownSync(path, uid ?? 0, statSync(path).gid);
    const replacement = await FileReplacement.begin(path);
    await replacement.write('new');
    await replacement.commit();
    await replacement.end();
    expect(statSync(path).uid).toBe(uid);
  });

  it.each([
    [
      'a folder is in its place',
      'EISDIR',
      () => {
        mkdirSync(path);
      },
    ],
    [
      'it can not be looked at',
      'ELOOP',
      () => {
        symlinkSync(path, path);
      },
    ],
  ])('leaves nothing behind when the file can not be replaced: %s', async (_, code, obstruct) => {
    const replacement = await FileReplacement.begin(path);
    obstruct();
    const replace = async () => {
      await replacement.write('new');
      await replacement.commit();
    };
    await expect(replace()).rejects.toMatchObject({ code });
    await replacement.end();
    expect(readdirSync(folder)).toEqual(['users.json']);
  });
});
