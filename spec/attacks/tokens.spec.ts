import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { AuthenticationError, MemoryUserStore } from '../../lib/index.js';
import { openAuth, people, SECRET } from '../support/open-auth.js';
import { AttackedServer } from './attacked-server.js';

const now = Math.floor(Date.now() / 1000);
const exp = now + 3600;
const HS256 = { alg: 'HS256', typ: 'JWT' };

/** A part of a token: JSON as it is written, or a value. */
function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  );
}

function hmac(text: string, key: string | Buffer = SECRET, digest = 'sha256'): string {
  return createHmac(digest, key).update(text).digest('base64url');
}

/** A token whose signature is right for its key, whatever it says. */
function signed(header: unknown, claims: unknown, key: string | Buffer = SECRET, digest?: string) {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${hmac(text, key, digest)}`;
}

const root = { username: 'root', exp };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

function rs256(claims: unknown): string {
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url')}`;
}

function es256(claims: unknown): string {
  const text = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  const key = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${createSign('SHA256').update(text).sign(key, 'base64url')}`;
}

/** JSON that is nested as deeply as a header has room for. */
function deep(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

let server: AttackedServer;

beforeAll(async () => {
  server = await AttackedServer.start();
});

afterAll(async () => {
  await server.stop();
});

const statusOf = (token: string) => server.whoami({ fields: `Authorization: Bearer ${token}` });

const none = [
  'none',
  'None',
  'NONE',
  'nOnE',
  'none ',
  ' none',
  'none\0',
  'nonе',
  '',
  'null',
  'HS0',
];

describe('a forged token', () => {
  it.each<[how: string, token: string]>([
    ...none.map((alg): [string, string] => [
      `with alg ${JSON.stringify(alg)}`,
      `${part({ alg })}.${part(root)}.`,
    ]),
    ...[null, 0, true, [], {}, ['HS256'], { toString: 1, valueOf: 1 }, { toString: 'HS256' }].map(
      (alg): [string, string] => [
        `with alg ${JSON.stringify(alg)}`,
        signed({ alg, typ: 'JWT' }, root),
      ],
    ),
    ['with an alg that is nested deeply', `${part(`{"alg":${deep(4_000)}}`)}.${part(root)}.x`],
    [
      'with a header that is nested deeply',
      `${part(`{"alg":"HS256","x":${deep(4_000)}}`)}.${part(root)}.x`,
    ],
    ['with claims that are nested deeply', `${part(HS256)}.${part(`{"x":${deep(4_000)}}`)}.x`],
    ['with none and the signature of another', signed({ alg: 'none' }, root)],
    ['signed with RSA', rs256(root)],
    ['signed with an elliptic curve', es256(root)],
    ['signed with a public key as the secret', signed(HS256, root, pem)],
    ['signed with a public key without its last line break', signed(HS256, root, pem.trim())],
    ['signed with nothing', signed(HS256, root, '')],
    ...['\0', ' ', '\n', 'null', 'undefined', '[object Object]', '(set)', 'secret', 'changeme'].map(
      (key): [string, string] => [`signed with ${JSON.stringify(key)}`, signed(HS256, root, key)],
    ),
    ['signed with the secret and more', signed(HS256, root, `${SECRET} `)],
    [
      'signed with the secret in base64',
      signed(HS256, root, Buffer.from(SECRET).toString('base64')),
    ],
    ['signed with half the secret', signed(HS256, root, SECRET.slice(0, -1))],
    ['signed with zeros', signed(HS256, root, Buffer.alloc(32))],
    [
      'with the signature of other claims',
      `${part(HS256)}.${part(root)}.${hmac(`${part(HS256)}.${part({ username: 'amy', exp })}`)}`,
    ],
    ['signed by HS512 under HS256', signed(HS256, root, SECRET, 'sha512')],
    ['signed by HS256 under HS512', signed({ alg: 'HS512' }, root)],
    [
      'with its own key in jwk',
      signed({ ...HS256, jwk: { kty: 'oct', k: part('mine') } }, root, 'mine'),
    ],
    ['with a kid that is a path', signed({ ...HS256, kid: '../../../../dev/null' }, root, '')],
    ['with a kid that is SQL', signed({ ...HS256, kid: "x' UNION SELECT 'mine" }, root, 'mine')],
    ['with a jku', signed({ ...HS256, jku: 'http://127.0.0.1:1/keys' }, root, 'mine')],
    ['with an x5u', signed({ ...HS256, x5u: 'http://127.0.0.1:1/cert', x5c: ['x'] }, root, 'mine')],
    ['with its header behind __proto__', signed('{"__proto__":{"alg":"HS256"}}', root)],
    ['with alg twice, the last none', `${part('{"alg":"HS256","alg":"none"}')}.${part(root)}.`],
    ['as JSON instead of three parts', part({ payload: part(root), signature: 'x' })],
    ['encrypted', `${part({ alg: 'dir', enc: 'A128GCM' })}..x.${part(root)}.x`],
  ])('%s is refused', async (_how, token) => {
    await expect(statusOf(token)).resolves.toBe(401);
  });

  it('is refused whatever its three parts are', async () => {
    const alg = fc.oneof(fc.constantFrom('HS256', 'HS384', 'none', 'RS256'), fc.jsonValue());
    const header = fc.oneof(fc.record({ alg, typ: fc.jsonValue() }), fc.jsonValue());
    const claims = fc.oneof(
      fc.record({
        username: fc.constantFrom('root', 'amy', 'x'),
        exp: fc.oneof(fc.constant(exp), fc.jsonValue()),
      }),
      fc.jsonValue(),
    );
    const keys = fc.constantFrom('', ' ', '\0', 'null', SECRET.slice(1), SECRET.toUpperCase(), pem);
    await fc.assert(
      fc.asyncProperty(header, claims, keys, async (one, other, key) => {
        await expect(statusOf(signed(one, other, key))).resolves.toBe(401);
      }),
      { numRuns: 400 },
    );
    expect(server.unexpected).toEqual([]);
  });
});

describe('a token of somebody who has the secret', () => {
  it.each<[what: string, header: unknown, claims: unknown, status: number]>([
    ['just so', HS256, root, 200],
    ['with a fraction in exp', HS256, { ...root, exp: exp + 0.25 }, 200],
    ['with exp as text', HS256, { ...root, exp: String(exp) }, 401],
    ['with exp as hexadecimal text', HS256, { ...root, exp: '0xffffffff' }, 401],
    ['with exp as a list', HS256, { ...root, exp: [exp] }, 401],
    ['with exp as an object', HS256, { ...root, exp: { valueOf: exp } }, 401],
    ['with exp true', HS256, { ...root, exp: true }, 401],
    ['with exp null', HS256, { ...root, exp: null }, 401],
    ['without exp', HS256, { username: 'root' }, 401],
    ['with exp -1', HS256, { ...root, exp: -1 }, 401],
    ['with exp -0', HS256, '{"username":"root","exp":-0}', 401],
    ['with exp 1e308', HS256, { ...root, exp: 1e308 }, 401],
    ['with exp 1e999', HS256, '{"username":"root","exp":1e999}', 401],
    ['with exp NaN', HS256, '{"username":"root","exp":NaN}', 401],
    ['with exp Infinity', HS256, '{"username":"root","exp":Infinity}', 401],
    ['with exp in milliseconds', HS256, { ...root, exp: exp * 1000 }, 200],
    [
      'with exp behind __proto__',
      HS256,
      `{"username":"root","__proto__":{"exp":${String(exp)}}}`,
      401,
    ],
    [
      'with exp twice, the last past',
      HS256,
      `{"username":"root","exp":${String(exp)},"exp":1}`,
      401,
    ],
    ['with nbf in the future', HS256, { ...root, nbf: exp }, 401],
    ['with nbf as text', HS256, { ...root, nbf: '0' }, 401],
    ['with nbf as a list', HS256, { ...root, nbf: [0] }, 401],
    ['with nbf null', HS256, { ...root, nbf: null }, 401],
    ['with nbf 1e308', HS256, { ...root, nbf: 1e308 }, 401],
    ['with nbf -1e308', HS256, { ...root, nbf: -1e308 }, 401],
    ['with iat in the future', HS256, { ...root, iat: exp }, 401],
    ['with crit', { ...HS256, crit: ['exp'] }, root, 401],
    ['with an empty crit', { ...HS256, crit: [] }, root, 401],
    ['with b64 false', { ...HS256, b64: false, crit: ['b64'] }, root, 401],
    ['with a name of another case', HS256, { Username: 'root', exp }, 401],
    ['with a list of names', HS256, { ...root, username: ['root'] }, 401],
    ['with an object for a name', HS256, { ...root, username: { toString: 'root' } }, 401],
    ['with a name that ends in NUL', HS256, { ...root, username: 'root\0' }, 401],
    ['with a name that ends in a space', HS256, { ...root, username: 'root ' }, 401],
    [
      'with a name with half a character',
      HS256,
      '{"username":"root\\ud800","exp":9999999999}',
      401,
    ],
    ['for ~subscriber', HS256, { ...root, username: '~subscriber' }, 401],
    ['for a subscription', HS256, { ...root, username: '_sub:x' }, 401],
    ['for __proto__', HS256, { ...root, username: '__proto__' }, 401],
    ['for constructor', HS256, { ...root, username: 'constructor' }, 401],
    ['for nobody', HS256, { ...root, username: 'nobody' }, 401],
    ['for a name of 9 kB', HS256, { ...root, username: 'r'.repeat(9_000) }, 401],
    ['that names another user in sub', HS256, { username: 'amy', sub: 'root', exp }, 200],
    [
      'with deep claims beside',
      HS256,
      `{"username":"root","exp":${String(exp)},"x":${deep(3_000)}}`,
      200,
    ],
  ])('%s: %s, %j', async (_what, header, claims, status) => {
    await expect(statusOf(signed(header, claims))).resolves.toBe(status);
  });

  it('makes of two claims of one name what JSON.parse does, as Go: the last', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const token = signed(HS256, `{"username":"root","exp":${String(exp)},"username":"amy"}`);
    const authenticated = auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
    await expect(Promise.resolve(authenticated)).resolves.toMatchObject({ name: 'amy' });
  });
});

describe('a server whose secret', () => {
  it('is the public key of a pair takes nothing signed with the private one', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: pem.replaceAll('\n', '') } });
    for (const token of [rs256(root), `${part({ alg: 'none' })}.${part(root)}.`]) {
      const headers = { authorization: `Bearer ${token}` };
      await expect(Promise.resolve(auth.authenticate({ headers }))).rejects.toBeInstanceOf(
        AuthenticationError,
      );
    }
  });

  it('is empty takes nothing, whatever it is signed with', async () => {
    const auth = openAuth({
      http: { authEnabled: true, sharedSecret: '' },
      store: new MemoryUserStore(people),
    });
    for (const key of ['', ' ', '\0', 'undefined', SECRET, Buffer.alloc(0), Buffer.alloc(32)]) {
      const headers = { authorization: `Bearer ${signed(HS256, root, key)}` };
      await expect(Promise.resolve(auth.authenticate({ headers }))).rejects.toMatchObject({
        code: 'ERR_KAUTH_TOKEN_REFUSED',
      });
    }
  });

  it('was another before takes no token of that time', async () => {
    const before = openAuth({
      http: { authEnabled: true, sharedSecret: `${SECRET} of last year` },
    });
    const headers = { authorization: `Bearer ${signed(HS256, root)}` };
    await expect(Promise.resolve(before.authenticate({ headers }))).rejects.toMatchObject({
      code: 'ERR_KAUTH_TOKEN_INVALID',
    });
  });
});
