import fc from 'fast-check';
import { sign } from 'jsonwebtoken';
import { signToken } from '../../lib/authenticate/sign-token.js';
import { verifyToken } from '../../lib/authenticate/token.js';
import { AuthenticationError, MisuseError } from '../../lib/errors.js';
import { tally } from '../support/runs.js';
import type { Verdict } from './by-jsonwebtoken.js';
import { judgeByJsonwebtoken } from './by-jsonwebtoken.js';
import { generatedTokens, MILLISECONDS, NOW, SECRETS } from './generated-tokens.js';

beforeEach(() => {
  jest.useFakeTimers({ now: NOW * 1000 + MILLISECONDS });
});

afterEach(() => {
  jest.useRealTimers();
});

function judge(token: string, secret: string): Verdict {
  try {
    return verifyToken(token, secret, {});
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    return { refused: error.message };
  }
}

it('tokens of all sorts are judged as jsonwebtoken judges them', () => {
  let count = 0;
  fc.assert(
    fc.property(generatedTokens, ({ token, secret }) => {
      count += 1;
      expect(judge(token, secret)).toEqual(judgeByJsonwebtoken(token, secret));
    }),
    { numRuns: 5000 },
  );
  tally('tokens judged', count);
});

it('the generated tokens come to every kind of judgement', () => {
  const tokens = fc.sample(generatedTokens, { seed: 1, numRuns: 5000 });
  const kinds = tokens.map(({ token, secret }) => {
    const verdict = judge(token, secret);
    return 'refused' in verdict ? verdict.refused.replace(/(?<=method: ).*/, '*') : 'let in';
  });
  expect([...new Set(kinds)].sort()).toEqual([
    'bearer auth disabled',
    'invalid token: Token is expired',
    'invalid token: Token is not valid yet',
    'invalid token: Token used before issued',
    'invalid token: claims are not an object',
    'invalid token: signature is invalid',
    'invalid token: token contains an invalid number of segments',
    'invalid token: token is malformed',
    'invalid token: unexpected signing method: *',
    'invalid token: unknown critical header',
    'let in',
    'token expiration required',
    'token must contain a username',
    'username in token must be a string',
  ]);
  expect(kinds.filter((kind) => kind === 'let in').length).toBeGreaterThan(200);
});

it('tokens are signed to the byte as jsonwebtoken signs them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
      fc.oneof(fc.constantFrom(...SECRETS), fc.string({ unit: 'binary', minLength: 1 })),
      (username, lifetime, secret) => {
        const mine = attempt(() => signToken({ username, lifetime }, secret));
        const claims = { username, iat: NOW, exp: NOW + Math.ceil(lifetime) };
        expect(mine).toEqual(attempt(() => sign(claims, secret, { algorithm: 'HS256' })));
      },
    ),
    { numRuns: 1000 },
  );
});

it.each(SECRETS.filter((each) => each.includes('PRIVATE KEY')))(
  'a private key signs no token',
  (secret) => {
    expect(() => signToken({ username: 'amy', lifetime: 60 }, secret)).toThrow(MisuseError);
  },
);

it.each(SECRETS.filter((each) => each.includes('END PUBLIC KEY') && each.length > 100))(
  'a token that is signed with a public key, which everybody knows, lets nobody in',
  (secret) => {
    const token = signToken({ username: 'amy', lifetime: 60 }, secret);
    expect(judge(token, secret)).toEqual({ refused: 'invalid token: signature is invalid' });
  },
);

function attempt(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
