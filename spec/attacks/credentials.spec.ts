import fc from 'fast-check';
import { AuthenticationError } from '../../lib/index.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';
import { AttackedServer } from './attacked-server.js';

const RIGHT = basic('amy', 'amy-pw');

/** Every byte as the character that latin1 has for it: what `node:http` makes of a header. */
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const bytes = fc.string({ unit: byte, maxLength: 200 });
const utf8 = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('latin1'));
const base64 = bytes.map((text) => Buffer.from(text, 'latin1').toString('base64'));

const names = fc.constantFrom(...people.map(({ name }) => name), 'nobody', '~subscriber', '');
/** Never the password of anybody. */
const wrong = fc.oneof(
  bytes.map((text) => `${text}?`),
  utf8.map((text) => `?${text}`),
  fc.constantFrom('', 'amy-p', 'amy-pw ', 'AMY-PW', 'amy-pw\0', 'root-pw\n', 'x'.repeat(5_000)),
);
const guess = fc
  .tuple(names, wrong)
  .map(([name, password]) => Buffer.from(`${name}:${password}`, 'latin1').toString('base64'));

const scheme = fc.constantFrom(
  'Basic',
  'basic',
  'BASIC',
  'Bearer',
  'bearer',
  'Digest',
  'Token',
  '',
);
const space = fc.constantFrom(' ', '  ', '\t', '', ' \t ', '\xa0', ':', ',', '=');
const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
const token = fc.tuple(json, json, fc.oneof(json, base64)).map((parts) => parts.join('.'));

/** Headers among which none is right. */
const authorization = fc.oneof(
  bytes,
  utf8,
  fc.tuple(scheme, space, fc.oneof(bytes, base64, guess, token)).map((parts) => parts.join('')),
  fc.tuple(scheme, space, guess, bytes).map((parts) => parts.join('')),
  fc.integer({ min: 100, max: 40_000 }).map((length) => `Basic ${'YW15'.repeat(length / 4)}`),
);

const parameter = fc.oneof(
  fc.constantFrom('u', 'p', 'U', 'P', '%75', '%70', 'u[]', 'p[]', 'u[p]', '+u', 'u\0', 'q'),
  bytes.map((text) => encodeURIComponent(text)),
);
// Those that come again and again under harmless names, too, are too short for the watch on leaks.
const value = fc.oneof(
  fc.constantFrom('amy', 'root', 'amy-p', 'amy-pw%20', '%', '%ff', '%00', '%u61', '', '[]', '{}'),
  bytes.map((text) => text.replace(/[\s#]/g, '%')),
  utf8.map((text) => encodeURIComponent(text)),
);
const query = fc
  .array(fc.tuple(parameter, value), { maxLength: 12 })
  .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`);

let server: AttackedServer;

beforeAll(async () => {
  server = await AttackedServer.start();
});

afterAll(async () => {
  await server.stop();
});

/** Refused: by our code, or by the parser of HTTP before that. */
const REFUSALS = [400, 401, 431];

describe('whatever a client sends as its credentials', () => {
  it('in the Authorization header, it is refused and not let in', async () => {
    await fc.assert(
      fc.asyncProperty(authorization, async (text) => {
        expect(REFUSALS).toContain(await server.whoami({ fields: `Authorization: ${text}` }));
      }),
      { numRuns: 600 },
    );
  });

  it('in the query, it is refused and not let in', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        expect(REFUSALS).toContain(await server.whoami({ query: text }));
      }),
      { numRuns: 600 },
    );
  });

  it('in both, several times and among other headers, it is refused and not let in', async () => {
    const name = fc.constantFrom(
      'Authorization',
      'authorization',
      'AUTHORIZATION',
      'Proxy-Authorization',
    );
    const fields = fc
      .array(fc.tuple(name, authorization), { minLength: 1, maxLength: 5 })
      .map((lines) => lines.map((line) => line.join(': ')).join('\r\n'));
    await fc.assert(
      fc.asyncProperty(fields, query, async (lines, text) => {
        expect(REFUSALS).toContain(await server.whoami({ fields: lines, query: text }));
      }),
      { numRuns: 300 },
    );
  });

  it('without HTTP, it is refused by a typed error and not let in', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const anything = fc.oneof(
      authorization,
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'Basic ', '.', 'YQ==') }),
    );
    await fc.assert(
      fc.asyncProperty(anything, fc.oneof(query, anything), async (text, url) => {
        const asked = async () => auth.authenticate({ headers: { authorization: text }, url });
        await expect(asked()).rejects.toBeInstanceOf(AuthenticationError);
      }),
      { numRuns: 1_000 },
    );
  });

  it('nothing was unexpected, and the right ones still let in', async () => {
    expect(server.unexpected).toEqual([]);
    await expect(server.whoami({ fields: `Authorization: ${RIGHT}` })).resolves.toBe(200);
  });
});

describe('right credentials', () => {
  it.each([
    ['under Proxy-Authorization', `Proxy-Authorization: ${RIGHT}`, 401],
    ['under another name', `X-Authorization: ${RIGHT}`, 401],
    ['in a cookie', `Cookie: Authorization=${RIGHT}`, 401],
    ['with a space before the colon', `Authorization : ${RIGHT}`, 400],
    ['in a folded header', `X: y\r\n Authorization: ${RIGHT}`, 400],
    ['after a bare CR', `X: y\rAuthorization: ${RIGHT}`, 400],
    ['after a NUL', `X: y\0Authorization: ${RIGHT}`, 400],
    ['behind wrong ones', `Authorization: Basic x\r\nAuthorization: ${RIGHT}`, 401],
    ['behind an empty header', `Authorization:\r\nAuthorization: ${RIGHT}`, 401],
    ['in one header with wrong ones', `Authorization: Basic x, ${RIGHT}`, 401],
    ['in one header before others', `Authorization: ${RIGHT}, Basic x`, 401],
    ['as a token', `Authorization: ${RIGHT.replace('Basic', 'Bearer')}`, 401],
    ['under no scheme', `Authorization: ${RIGHT.replace('Basic ', '')}`, 401],
    ['with a token as Basic', `Authorization: ${bearer('amy').replace('Bearer', 'Basic')}`, 401],
    ['with a token under Token', `Authorization: ${bearer('amy').replace('Bearer', 'Token')}`, 401],
    ['with a token under JWT', `Authorization: ${bearer('amy').replace('Bearer', 'JWT')}`, 401],
    ['with a token twice', `Authorization: ${bearer('amy')} ${bearer('amy')}`, 401],
    ['once, and nothing else', `Authorization: ${RIGHT}`, 200],
    ['with a token once', `Authorization: ${bearer('amy')}`, 200],
    ['before wrong ones', `Authorization: ${RIGHT}\r\nAuthorization: Basic x`, 200],
  ])('%s', async (_where, fields, status) => {
    await expect(server.whoami({ fields })).resolves.toBe(status);
  });

  it.each([
    ['twice, the first wrong', '?u=amy&p=wrong&p=amy-pw', 401],
    ['with another name first', '?u=root&u=amy&p=amy-pw', 401],
    ['with an escaped key', '?%75=amy&p=amy-pw', 401],
    ['as a list', '?u[]=amy&p[]=amy-pw', 401],
    ['split by a semicolon', '?u=amy;p=amy-pw', 401],
    ['behind a second question mark', '?x=?u=amy&p=amy-pw', 401],
    ['escaped', '?u=%61my&p=%61my-pw', 200],
  ])('in the query %s', async (_how, text, status) => {
    await expect(server.whoami({ query: text })).resolves.toBe(status);
  });
});
