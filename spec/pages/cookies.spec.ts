import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { PageClient } from '../server/page-client.js';
import { WrittenLog } from '../server/written-log.js';
import { bearer, people, SECRET } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const { cert, key } = makeCertificate(makeAuthority('an authority'), { names: ['127.0.0.1'] });
const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
writeFileSync(tlsCert, cert);
writeFileSync(tlsKey, key, { mode: 0o600 });

/** All characters that a value may have, and some that it never has. */
const CHARACTERS = [...'ABCYZabcyz019_-.', ...'=%+/ "', 'é'];

/** Two other characters for each: the next ones that differ. */
function othersThan(own: string, at: number): readonly string[] {
  const others = CHARACTERS.filter((each) => each !== own);
  return [0, 1].map((turn) => others[(at * 2 + turn) % others.length] ?? '');
}

describe.each([
  ['loopback', 'kauth', '__Host-kauth', {}],
  ['TLS', '__Host-kauth', 'kauth', { tlsCert, tlsKey }],
])('a session cookie over %s', (_which, cookie, otherCookie, gateway) => {
  const log = new WrittenLog();
  let server: RunningServer;
  let value: string;
  let otherValue: string;

  beforeAll(async () => {
    server = await startServer({
      ...{ host: '127.0.0.1', port: 0, logger: log.logger },
      options: {
        ...{ configFile: false, store: new MemoryUserStore(people), gateway },
        http: { authEnabled: true, sharedSecret: SECRET },
        auth: { enabled: true, bcryptCost: 4 },
      },
    });
    value = await logIn('root');
    otherValue = await logIn('amy');
  });

  afterAll(async () => {
    await server.stop();
  });

  async function logIn(name: string): Promise<string> {
    const client = new PageClient(server.url);
    await client.logIn(name, `${name}-pw`);
    return client.cookies.get(cookie) ?? '';
  }

  /** The user that the pages take somebody with such a field for; undefined for nobody. */
  async function userWith(Cookie: string): Promise<string | undefined> {
    const { status, headers, body } = await new PageClient(server.url, { Cookie }).get(
      '/admin/account',
    );
    if (status === 200) return /<bdi>([^<]*)<\/bdi>/.exec(body)?.[1];
    expect([status, headers.location]).toEqual([303, '/admin/login?next=%2Faccount']);
    expect(headers['set-cookie']).toBeUndefined();
    return undefined;
  }

  async function usersWith(values: readonly string[]): Promise<ReadonlySet<string | undefined>> {
    const users = new Set<string | undefined>();
    for (const each of values) users.add(await userWith(`${cookie}=${each}`));
    return users;
  }

  it('logs its user in, also beside others', async () => {
    expect(await userWith(`${cookie}=${value}`)).toBe('root');
    expect(await userWith(`a=b; ${cookie}=${value}; ${otherCookie}=x; c`)).toBe('root');
    expect(await userWith(`${cookie}=${otherValue}`)).toBe('amy');
  });

  it('logs nobody in if any of its characters is another', async () => {
    const altered = [...value].flatMap((own, at) =>
      othersThan(own, at).map((other) => value.slice(0, at) + other + value.slice(at + 1)),
    );
    expect(altered).toHaveLength(2 * value.length);
    expect(await usersWith(altered)).toEqual(new Set([undefined]));
    expect(await userWith(`${cookie}=${value}`)).toBe('root');
  });

  it('logs nobody in if it is cut short, or longer', async () => {
    const cut = Array.from(value, (_each, at) => value.slice(0, at));
    const longer = ['A', '.', '=', '==', '%00', ' x', `.${value}`, value];
    const before = ['A', '1.', '.', '"'];
    const altered = [
      ...cut,
      ...longer.map((more) => value + more),
      ...before.map((more) => more + value),
      ...[value.toUpperCase(), value.toLowerCase(), encodeURIComponent(`"${value}"`)],
    ];
    expect(await usersWith(altered)).toEqual(new Set([undefined]));
  });

  it('logs nobody in if parts of it are of another user', async () => {
    const [, name = '', rest = ''] = value.split('.');
    const [, otherName = '', otherRest = ''] = otherValue.split('.');
    const halves = [24, 32, 48, 74].flatMap((at) => [
      `1.${name}.${otherRest.slice(0, at)}${rest.slice(at)}`,
      `1.${name}.${rest.slice(0, at)}${otherRest.slice(at)}`,
    ]);
    const mixed = [`1.${name}.${otherRest}`, `1.${otherName}.${rest}`, ...halves];
    expect(await usersWith(mixed)).toEqual(new Set([undefined]));
  });

  it('logs in beside a wrong one of the same name, before or after it', async () => {
    const wrong = `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`;
    expect(await userWith(`${cookie}=${wrong}; ${cookie}=${value}`)).toBe('root');
    expect(await userWith(`${cookie}=${value}; ${cookie}=${wrong}`)).toBe('root');
    expect(await userWith(`${cookie}=${wrong}; ${cookie}=; ${cookie}`)).toBeUndefined();
  });

  it('logs nobody in under another name', async () => {
    const names = [otherCookie, cookie.toUpperCase(), `x${cookie}`, `${cookie}x`, `x; ${cookie} `];
    for (const name of names) expect(await userWith(`${name}=${value}`)).toBeUndefined();
  });

  it('is no token, and a token is no session', async () => {
    const client = new PageClient(server.url);
    const ping = (authorization: string) =>
      client.get('/kapacitor/v1/ping', { Authorization: authorization });
    expect((await ping(bearer('root'))).status).toBe(204);
    for (const sent of [`Bearer ${value}`, `Token ${value}`, `Basic ${value}`]) {
      expect((await ping(sent)).status).toBe(401);
    }
    const cookieAlone = { Cookie: `${cookie}=${value}` };
    expect((await client.get('/kapacitor/v1/ping', cookieAlone)).status).toBe(401);
    const token = bearer('root').slice('Bearer '.length);
    expect(await usersWith([token, `1.${token}`])).toEqual(new Set([undefined]));
    const asToken = await client.get('/admin/account', { Authorization: bearer('root') });
    expect(asToken.status).toBe(303);
  });

  it('ends at the log-out, and stands in no line of the log', async () => {
    const ended = await logIn('amy');
    const client = new PageClient(server.url, { Cookie: `${cookie}=${ended}` });
    expect((await client.post('/admin/logout', {})).status).toBe(303);
    expect(await userWith(`${cookie}=${ended}`)).toBeUndefined();
    expect(await userWith(`${cookie}=${value}`)).toBe('root');
    expect(log.requests.length).toBeGreaterThan(2 * value.length);
    for (const secret of [value, otherValue, ended]) {
      expect(log.text).not.toContain(secret.slice(-40));
    }
  });
});
