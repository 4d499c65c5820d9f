import { systemErrorCode } from '../lib/system-error.js';

describe('systemErrorCode', () => {
  it.each<[error: unknown, code: string | undefined]>([
    [Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT'],
    [{ code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
    [{ code: 'ERR_STREAM_DESTROYED' }, undefined],
    [{ code: 7 }, undefined],
    [{}, undefined],
    ['ENOENT', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %j as %s', (error, code) => {
    expect(systemErrorCode(error)).toBe(code);
  });
});
