import { verify } from 'jsonwebtoken';
import { signToken } from '../../lib/authenticate/sign-token.js';
import { verifyToken } from '../../lib/authenticate/token.js';
import { MisuseError } from '../../lib/errors.js';

const SECRET = 'a shared secret of more than 32 bytes';
const NOW = 1_800_000_000;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW * 1000 + 900 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('a signed token', () => {
  it.each([
    [60, NOW + 60],
    [0.5, NOW + 1],
    [90.1, NOW + 91],
  ])('for %d seconds is HS256 with username, iat and exp', (lifetime, exp) => {
    const token = signToken({ username: 'amy', lifetime }, SECRET);
    expect(verify(token, SECRET, { complete: true })).toMatchObject({
      header: { alg: 'HS256', typ: 'JWT' },
      payload: { username: 'amy', iat: NOW, exp },
    });
    expect(verifyToken(token, SECRET, {})).toEqual({ username: 'amy', expires: exp });
  });

  it.each([
    ['an empty secret', 'amy', 60, '', 'an empty shared secret signs nothing'],
    ['no name', '', 60, SECRET, 'a token needs the name of a user'],
    ...[0, -1, NaN, Infinity].map(
      (lifetime) =>
        [
          `a lifetime of ${String(lifetime)}`,
          'amy',
          lifetime,
          SECRET,
          'the lifetime of a token is a number of seconds over 0',
        ] as const,
    ),
  ] as const)('is not made with %s', (_what, username, lifetime, secret, problem) => {
    const sign = () => signToken({ username, lifetime }, secret);
    expect(sign).toThrow(MisuseError);
    expect(sign).toThrow(problem);
  });

  it.each([
    ['nothing', []],
    ['the name alone', ['amy', SECRET]],
    ['the payload of a token', [{ sub: 'amy' }, SECRET]],
    ['a lifetime as text', [{ username: 'amy', lifetime: '5m' }, SECRET]],
    ['no secret', [{ username: 'amy', lifetime: 60 }]],
  ])('names its form when it is given %s', (_what, given) => {
    const sign = (): unknown => Reflect.apply(signToken, undefined, given);
    expect(sign).toThrow(MisuseError);
    expect(sign).toThrow('signToken({ username, lifetime }, secret)');
  });
});
