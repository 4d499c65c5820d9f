import { basic } from '../support/open-auth.js';
import { login, StartedGateway } from './gateway/started-gateway.js';

const CONSOLE = 'https://console.example';
const EVIL = 'https://evil.example';

describe.each([
  ['the gateway', '/kapacitor/v1/tasks'],
  ['what the gateway answers itself', '/kapacitor/v1/whoami'],
])('%s', (_what, path) => {
  let gateway: StartedGateway;

  afterEach(async () => {
    await gateway.stop();
  });

  const start = async (origins?: string): Promise<void> => {
    gateway = await StartedGateway.start(origins === undefined ? {} : { cors: { origins } });
    gateway.upstream.answer = (request, response) => {
      // As Kapacitor does for every origin.
      response.setHeader('Access-Control-Allow-Origin', String(request.headers.origin));
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Vary', 'Accept');
      response.setHeader('X-Twice', ['1', '2']);
      response.end('{}');
    };
  };

  const preflight = (origin: string) =>
    gateway.fetch(path, undefined, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
    });

  const corsOf = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

  it('can be used by pages of an origin that was named', async () => {
    await start(`http://other.example, ${CONSOLE}`);
    const asked = await preflight(CONSOLE);
    expect(asked.status).toBe(204);
    expect(corsOf(asked)).toEqual({
      'access-control-allow-origin': CONSOLE,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '600',
    });
    for (const [name, status] of [
      ['root', 200],
      [undefined, 401],
    ] as const) {
      const answer = await gateway.fetch(path, name, { headers: { Origin: CONSOLE } });
      expect(answer.status).toBe(status);
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': CONSOLE,
        'access-control-expose-headers': 'Retry-After, WWW-Authenticate, X-Kapacitor-Version',
      });
      expect(answer.headers.get('vary')).toContain('Origin');
    }
    expect(gateway.log.requests[0]).toMatchObject({ method: 'OPTIONS', status: 204 });
  });

  it.each([
    ['of another origin', CONSOLE, EVIL],
    ['of nearly that origin', CONSOLE, `${CONSOLE}.evil.example`],
    ['of another scheme', CONSOLE, CONSOLE.replace('https', 'http')],
    ['without an origin', CONSOLE, 'null'],
    ['of any origin where none was named', undefined, CONSOLE],
  ])('lets no page read its answers %s', async (_name, origins, origin) => {
    await start(origins);
    expect(corsOf(await preflight(origin))).toEqual({});
    const answer = await gateway.fetch(path, 'root', { headers: { Origin: origin } });
    expect(corsOf(answer)).toEqual({});
    if (origins !== undefined) expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('tells caches of all that its answers depend on', async () => {
    await start(CONSOLE);
    const { headers } = await gateway.fetch(path, 'root');
    expect(headers.get('vary')).toBe(path.endsWith('/tasks') ? 'Origin, Accept' : 'Origin');
    expect(headers.get('x-twice')).toBe(path.endsWith('/tasks') ? '1, 2' : null);
  });
});

it('a page of an origin that was named may write points, another may not', async () => {
  const gateway = await StartedGateway.start({ cors: { origins: CONSOLE } });
  const write = (origin: string) =>
    gateway.fetch('/write?db=x', undefined, {
      method: 'POST',
      body: 'cpu v=1',
      headers: {
        ...login('wim'),
        Authorization: basic('wim', 'wim-password'),
        Origin: origin,
        'Content-Type': 'text/plain',
        'Sec-Fetch-Site': 'cross-site',
      },
    });
  expect((await write(CONSOLE)).status).toBe(200);
  expect((await write(EVIL)).status).toBe(403);
  await gateway.stop();
});
