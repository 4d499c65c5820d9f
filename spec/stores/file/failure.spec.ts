import { MisuseError } from '../../../lib/errors.js';
import { fileFailure } from '../../../lib/stores/file/failure.js';
import { UserFileError } from '../../../lib/stores/file/user-file-format.js';

describe('fileFailure', () => {
  it.each<[unknown, string]>([
    [new UserFileError('version must be 1'), "can't be used: version must be 1"],
    [{ code: 'EROFS' }, "can't be written: its file system is read-only"],
    [{ code: 'EDQUOT' }, "can't be written: the disk quota is used up"],
    [{ code: 'ENOTDIR' }, 'is in a folder that is a file: set store.path'],
    [
      { code: 'EBUSY' },
      "can't be replaced, as it is mounted by itself: mount its folder, not the file",
    ],
    [
      { code: 'ENOENT' },
      'leads nowhere, though its folder is there: if it is a link, make the folder that it leads to; if it was moved just now, try again',
    ],
    [{ code: 'EIO' }, "can't be used (EIO)"],
    ['a thrown text', 'failed'],
  ])('tells what is the matter of %j', (cause, problem) => {
    expect(fileFailure('users.json', cause)).toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user file users.json ${problem}`,
      cause,
      headers: { 'Retry-After': '1' },
    });
  });

  it.each([
    new MisuseError('no'),
    new Error('a listener failed'),
    Object.assign(new Error('of another package'), { code: 'ERR_OTHER' }),
  ])('leaves all other errors as they are: %j', (error) => {
    expect(fileFailure('users.json', error)).toBe(error);
  });
});
