import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { verifyToken } from '../../lib/authenticate/token.js';
import { AuthenticationError } from '../../lib/errors.js';

const SECRET = 'a shared secret of more than 32 bytes';
const now = Math.floor(Date.now() / 1000);
const later = now + 3600;

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function sign(header: unknown, claims: unknown, secret = SECRET, digest = 'sha256'): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`;
}

const HS256 = { alg: 'HS256', typ: 'JWT' };
const good = { username: 'bob', exp: later };
const headers = { 'WWW-Authenticate': ['Basic realm="x"'] };
const verify = (token: string, secret = SECRET) => verifyToken(token, secret, headers);

describe('a token', () => {
  it.each([
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('signed by %s says who it is for and until when', (alg, digest) => {
    expect(verify(sign({ alg, typ: 'JWT' }, good, SECRET, digest))).toEqual({
      username: 'bob',
      expires: later,
    });
  });

  it.each([
    ['a time of issue', { iat: now - 5 }],
    ['a time it is valid from', { nbf: now - 5 }],
    ['a fractional expiry', { exp: later + 0.5 }],
    ['claims of others', { sub: 'eve', admin: true }],
  ])('may have %s', (_what, claims) => {
    expect(verify(sign(HS256, { ...good, ...claims })).username).toBe('bob');
  });

  it('may lack the header typ', () => {
    expect(verify(sign({ alg: 'HS256' }, good)).username).toBe('bob');
  });

  it.each<[string, string, string]>([
    ['no segments', 'garbage', 'invalid token: token contains an invalid number of segments'],
    ['two segments', 'a.b', 'invalid token: token contains an invalid number of segments'],
    ['five segments', 'a.b.c.d.e', 'invalid token: token contains an invalid number of segments'],
    ['segments that are no JSON', 'a.b.c', 'invalid token: token is malformed'],
    ['an empty header', `.${encode(good)}.x`, 'invalid token: token is malformed'],
    ['another secret', sign(HS256, good, 'x'), 'invalid token: signature is invalid'],
    ['an empty secret', sign(HS256, good, ''), 'invalid token: signature is invalid'],
    [
      'the secret used for another algorithm',
      sign({ alg: 'HS512' }, good, SECRET, 'sha256'),
      'invalid token: signature is invalid',
    ],
    ['no signature', `${encode(HS256)}.${encode(good)}.`, 'invalid token: signature is invalid'],
    [
      'alg none',
      `${encode({ alg: 'none' })}.${encode(good)}.`,
      'invalid token: unexpected signing method: none',
    ],
    ['alg RS256', sign({ alg: 'RS256' }, good), 'invalid token: unexpected signing method: RS256'],
    [
      'alg in small letters',
      sign({ alg: 'hs256' }, good),
      'invalid token: unexpected signing method: hs256',
    ],
    [
      'an alg that is markup',
      sign({ alg: '<script>' }, good),
      'invalid token: unexpected signing method: unknown',
    ],
    [
      'an alg with more before its name',
      sign({ alg: '\nRS256' }, good),
      'invalid token: unexpected signing method: unknown',
    ],
    [
      'an alg that goes on after its name',
      sign({ alg: 'RS256\n' }, good),
      'invalid token: unexpected signing method: unknown',
    ],
    [
      'an alg that is a number',
      sign({ alg: 256 }, good),
      'invalid token: unexpected signing method: unknown',
    ],
    ['no alg', sign({ typ: 'JWT' }, good), 'invalid token: unexpected signing method: unknown'],
    ['crit', sign({ ...HS256, crit: ['exp'] }, good), 'invalid token: unknown critical header'],
    [
      'claims that are text',
      sign({ alg: 'HS256' }, '"bob"'),
      'invalid token: claims are not an object',
    ],
    ['claims that are a list', sign(HS256, [good]), 'invalid token: claims are not an object'],
    ['claims that are null', sign(HS256, 'null'), 'invalid token: signature is invalid'],
    ['a past expiry', sign(HS256, { ...good, exp: now }), 'invalid token: Token is expired'],
    ['no expiry', sign(HS256, { username: 'bob' }), 'token expiration required'],
    ['an expiry of 0', sign(HS256, { ...good, exp: 0 }), 'invalid token: Token is expired'],
    ['a negative expiry', sign(HS256, { ...good, exp: -1 }), 'invalid token: Token is expired'],
    [
      'an expiry in text',
      sign(HS256, { ...good, exp: String(later) }),
      'token expiration required',
    ],
    ['an expiry in a list', sign(HS256, { ...good, exp: [later] }), 'token expiration required'],
    ['an expiry of null', sign(HS256, { ...good, exp: null }), 'token expiration required'],
    [
      'an expiry that is no date',
      sign(HS256, { ...good, exp: 1e308 }),
      'token expiration required',
    ],
    [
      'an expiry beyond numbers',
      sign(HS256, `{"username":"bob","exp":1e999}`),
      'token expiration required',
    ],
    [
      'a future issue',
      sign(HS256, { ...good, iat: later }),
      'invalid token: Token used before issued',
    ],
    [
      'an issue in text',
      sign(HS256, { ...good, iat: 'now' }),
      'invalid token: Token used before issued',
    ],
    [
      'a future start',
      sign(HS256, { ...good, nbf: later }),
      'invalid token: Token is not valid yet',
    ],
    [
      'a start in text',
      sign(HS256, { ...good, nbf: 'x' }),
      'invalid token: Token is not valid yet',
    ],
    ['no username', sign(HS256, { exp: later }), 'username in token must be a string'],
    [
      'a number as username',
      sign(HS256, { ...good, username: 5 }),
      'username in token must be a string',
    ],
    ['an empty username', sign(HS256, { ...good, username: '' }), 'token must contain a username'],
    [
      'a username behind __proto__',
      sign(HS256, `{"exp":${String(later)},"__proto__":{"username":"bob"}}`),
      'username in token must be a string',
    ],
  ])('with %s is refused', (_what, token, message) => {
    const code = message.endsWith('expired')
      ? 'ERR_KAUTH_TOKEN_EXPIRED'
      : 'ERR_KAUTH_TOKEN_INVALID';
    expect(() => verify(token)).toThrow(
      expect.objectContaining({ name: 'AuthenticationError', status: 401, code, message, headers }),
    );
  });

  describe('at its very second', () => {
    beforeEach(() => {
      jest.useFakeTimers({ now: later * 1000 });
    });

    afterEach(() => {
      jest.useRealTimers();
    });

    const valid = { username: 'bob', exp: later + 11 };

    it.each([
      ['before its expiry', { exp: later + 0.001 }],
      ['ten seconds before its issue', { iat: later + 10 }],
      ['ten seconds before it is valid', { nbf: later + 10 }],
    ])('%s is good', (_what, claims) => {
      expect(verify(sign(HS256, { ...valid, ...claims })).username).toBe('bob');
    });

    it.each([
      ['of its expiry', { exp: later }, 'Token is expired'],
      [
        'more than ten seconds before its issue',
        { iat: later + 10.001 },
        'Token used before issued',
      ],
      [
        'more than ten seconds before it is valid',
        { nbf: later + 10.001 },
        'Token is not valid yet',
      ],
    ])('%s is refused', (_what, claims, problem) => {
      expect(() => verify(sign(HS256, { ...valid, ...claims }))).toThrow(problem);
    });
  });

  it('may expire at the last second that is a date, not after', () => {
    expect(verify(sign(HS256, { ...good, exp: 8.64e12 })).expires).toBe(8.64e12);
    expect(() => verify(sign(HS256, { ...good, exp: 8.64e12 + 1 }))).toThrow('expiration required');
  });

  it('is refused whatever it is while there is no secret', () => {
    for (const secret of ['', SECRET]) {
      expect(() => verify(sign(HS256, good, secret), '')).toThrow(
        expect.objectContaining({
          code: 'ERR_KAUTH_TOKEN_REFUSED',
          message: 'bearer auth disabled',
          headers,
        }),
      );
    }
  });

  it.each(['kid', 'jku', 'x5u', 'jwk'])(
    'is verified by our secret whatever its %s says',
    (name) => {
      const forged = sign({ ...HS256, [name]: 'attacker' }, good, 'attacker');
      expect(() => verify(forged)).toThrow('signature is invalid');
      expect(verify(sign({ ...HS256, [name]: 'attacker' }, good)).username).toBe('bob');
    },
  );

  it('is refused when any of its characters changes', () => {
    const token = sign(HS256, good);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...alphabet), (index, character) => {
        const changed = token.slice(0, index) + character + token.slice(index + 1);
        fc.pre(changed !== token);
        expect(() => verify(changed)).toThrow(AuthenticationError);
      }),
      { numRuns: 300 },
    );
  });

  it('is never shown in the error that refuses it', () => {
    const token = sign(HS256, good, 'other');
    const [header = '', claims = '', signature = ''] = token.split('.');
    try {
      verify(token);
    } catch (error) {
      const shown = `${String(error)}${JSON.stringify(error)}`;
      for (const part of [header, claims, signature, SECRET]) expect(shown).not.toContain(part);
    }
    expect.hasAssertions();
  });
});
