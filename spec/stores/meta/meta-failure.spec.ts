import { connect } from 'node:net';
import { MetaFailure } from '../../../lib/stores/meta/meta-failure.js';

describe('MetaFailure.from', () => {
  it.each([
    ['a failure', new MetaFailure('answer', 'it is odd'), 'answer', 'it is odd'],
    ['an error', new TypeError('wrong'), 'node', 'wrong'],
    ['an error without a text', new TypeError(), 'node', 'TypeError'],
    ['an error with a code only', Object.assign(new Error(), { code: 'E1' }), 'node', 'E1'],
    ['anything else', 'wrong', 'node', 'unknown error'],
  ])('takes %s', (_, error, kind, message) => {
    expect(MetaFailure.from(error)).toMatchObject({ kind, message });
  });

  it('takes an error of Node itself', async () => {
    const error = await new Promise((resolve) => {
      connect({ host: '127.0.0.1', port: 1 }).on('error', resolve);
    });
    expect(MetaFailure.from(error).message).toBe('connect ECONNREFUSED 127.0.0.1:1');
  });
});
