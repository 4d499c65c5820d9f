import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';

/** The second at which generated tokens are judged, and the milliseconds of it that have passed. */
export const NOW = 1_800_000_000;
export const MILLISECONDS = 250;

const { publicKey, privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Secrets, with keys of the wrong kind among them, and texts that look like such. */
export const SECRETS: readonly string[] = [
  'a shared secret of more than 32 bytes',
  's',
  'gehéim ☃ \ud800',
  publicKey,
  privateKey,
  `# our key\n${publicKey}`,
  publicKey.slice(0, 60),
  '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n',
];

const times = fc.oneof(
  fc.constantFrom<unknown>(
    ...[0, -1, 1, 10, 10.25, 10.251, 11, -10, 0.25, 0.251, 3600].map((each) => NOW + each),
    ...[0, -0, -1, 8.64e12, 8.64e12 + 1, -8.64e12 - 1, 1e308, null, true, '', String(NOW + 60)],
    ...[[NOW + 60], { seconds: NOW }],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const names = fc.oneof(
  fc.constantFrom<unknown>('amy', '', ' ', 'é\ud800', '__proto__', 5, null, true, ['amy'], {}),
  fc.string({ unit: 'binary' }),
);

const objects = fc
  .record(
    { username: names, exp: times, nbf: times, iat: times, sub: fc.string(), crit: fc.jsonValue() },
    { requiredKeys: [] },
  )
  .map((claims) => JSON.stringify(claims));
const good = fc
  .record({ username: fc.constantFrom('amy', 'é'), more: fc.jsonValue() })
  .map((claims) => JSON.stringify({ exp: NOW + 60, ...claims }));
const named = fc
  .record({ username: names, iat: fc.constant(NOW) }, { requiredKeys: ['iat'] })
  .map((claims) => JSON.stringify({ ...claims, exp: NOW + 60 }));

/** Claims as text: objects, other JSON, and what is none. */
const claims = fc.oneof(
  { weight: 4, arbitrary: good },
  { weight: 4, arbitrary: objects },
  { weight: 4, arbitrary: named },
  { weight: 1, arbitrary: good.map((text) => JSON.stringify(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(' ', '\ufeff', '\n\t'), good)
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '',
        'null',
        'true',
        'false',
        '0',
        '5',
        '"amy"',
        '[]',
        '{}',
        '{"username":"amy"',
        'amy',
        '1e999',
      ],
      `{"username":"amy","exp":1e999}`,
      `{"username":"amy","exp":${String(NOW)},"exp":${String(NOW + 60)}}`,
      `{"exp":${String(NOW + 60)},"__proto__":{"username":"amy"}}`,
      `{"exp":${String(NOW + 60)},"username":"amy","toString":1,"constructor":null}`,
    ),
  },
);

const algs = fc.constantFrom<unknown>(
  ...['HS256', 'HS256', 'HS256', 'HS384', 'HS512', 'none', 'None', 'hs256', 'HS256 ', ' HS256'],
  ...[
    'RS256',
    'ES256',
    'PS256',
    'EdDSA',
    'HS1',
    'HS2560',
    'HS256\n',
    '<b>',
    '',
    256,
    null,
    true,
    ['HS256'],
    {},
  ],
);
const types = fc.constantFrom<unknown>('JWT', 'JWT', 'JWT', 'jwt', 'JOSE', '', null, 5, ['JWT']);
const headers = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('HS256', 'HS384', 'HS512')
      .map((alg) => JSON.stringify({ alg, typ: 'JWT' })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record(
        {
          alg: algs,
          typ: types,
          crit: fc.jsonValue(),
          b64: fc.boolean(),
          kid: fc.string({ unit: 'binary' }),
        },
        { requiredKeys: ['alg'] },
      )
      .map((header) => JSON.stringify(header)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '',
        'null',
        'true',
        'false',
        '0',
        '5',
        '"HS256"',
        '""',
        '[]',
        '{}',
        '{"alg":"HS256"',
        '\ufeff{"alg":"HS256"}',
      ],
      ' {"alg":"HS256"}',
      '{"alg":"none","alg":"HS256"}',
      '{"alg":"HS256","alg":"none"}',
      '{"__proto__":{"alg":"HS256"}}',
      '{"alg":"HS256","__proto__":{"crit":1}}',
      '{"alg":"HS256","typ":"J\\u0057T","constructor":{}}',
    ),
  },
);

/** Ways to write bytes in base64, right and wrong. */
const encoders = fc.constantFrom<(bytes: Buffer) => string>(
  ...Array.from({ length: 40 }, () => (bytes: Buffer) => bytes.toString('base64url')),
  (bytes) => bytes.toString('base64'),
  (bytes) => bytes.toString('base64url').concat('='),
  (bytes) => bytes.toString('base64url').concat('A'),
  (bytes) => bytes.toString('base64url').replace(/^.{4}/, '$&\n'),
  (bytes) => bytes.toString('hex'),
  (bytes) => Buffer.concat([bytes, Buffer.from([0xff])]).toString('base64url'),
);

const DIGESTS = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** A change of a token after it was signed; most stay as they are. */
const changes = fc.oneof(
  { weight: 12, arbitrary: fc.constant((token: string) => token) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<(token: string) => string>(
      (token) => `${token}.`,
      (token) => `.${token}`,
      (token) => `${token}\n`,
      (token) => ` ${token}`,
      (token) => `${token}=`,
      (token) => token.slice(0, -1),
      (token) => token.replace(/[^.]*$/, ''),
      (token) => token.replace(/[^.]*$/, ' '),
      (token) => token.replace(/\.[^.]*$/, ''),
      (token) => token.replace(/^[^.]*/, ''),
      (token) => token.replace(/\.[^.]*\./, '..'),
      (token) => token.toUpperCase(),
      (token) => token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      (token) => `Bearer ${token}`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(), fc.constantFrom(...'ABCxyz019-_.=+/é \u0000'))
      .map(([place, character]) => (token: string) => {
        const index = place % (token.length + 1);
        return token.slice(0, index) + character + token.slice(index + 1);
      }),
  },
);

/** Tokens of all sorts, with the secret of who judges them: right, nearly right, and wrong. */
export const generatedTokens: fc.Arbitrary<{ readonly token: string; readonly secret: string }> = fc
  .record({
    header: headers,
    claims,
    encode: fc.tuple(encoders, encoders, encoders),
    signer: fc.constantFrom(...SECRETS),
    other: seldom(fc.constantFrom('', ...SECRETS)),
    digest: seldom(fc.constantFrom(...Object.values(DIGESTS))),
    change: changes,
  })
  .map(({ header, claims: payload, encode, signer, other, digest, change }) => {
    const [ofHeader, ofClaims, ofSignature] = encode;
    const signed = `${ofHeader(Buffer.from(header))}.${ofClaims(Buffer.from(payload))}`;
    const hmac = createHmac(digest ?? digestOf(header), signer)
      .update(signed)
      .digest();
    return { token: change(`${signed}.${ofSignature(hmac)}`), secret: other ?? signer };
  });

function seldom(values: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: values },
  );
}

function digestOf(header: string): string {
  const [, name] = Object.entries(DIGESTS).find(([alg]) => header.includes(alg)) ?? [];
  return name ?? DIGESTS.HS256;
}
