import fc from 'fast-check';
import type { AuthenticationRequest, KapacitorAuth } from '../../lib/index.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';

const open = () => openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });

/** The user that is let in, or the code of the refusal. */
async function verdict(auth: KapacitorAuth, request: AuthenticationRequest): Promise<unknown> {
  return Promise.resolve(auth.authenticate(request)).then(
    ({ name }) => name,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

const query = (url: string) => ({ headers: {}, url });

describe('credentials in the query that were verified before', () => {
  it.each([
    ['the same request', '/?u=amy&p=amy-pw'],
    ['another path and other parameters', '/write?db=x&precision=s&u=amy&rp=&p=amy-pw&z=1'],
    ['the other order', '/?p=amy-pw&u=amy'],
    ['more of them behind', '/?u=amy&p=amy-pw&u=root&p=wrong'],
  ])('are recognised at once in %s', async (_what, url) => {
    const auth = open();
    const amy = await auth.authenticate(query('/?u=amy&p=amy-pw'));
    expect(amy.name).toBe('amy');
    expect(auth.authenticate(query(url))).toBe(amy);
  });

  it.each([
    ['another name', '/?u=root&p=amy-pw'],
    ['another password', '/?u=amy&p=amy-pw2'],
    ['a name before', '/?u=root&u=amy&p=amy-pw'],
    ['a password before', '/?p=wrong&u=amy&p=amy-pw'],
    ['the border moved', '/?u=amy%26amy&p=-pw'],
    ['an empty name before', '/?u=&u=amy&p=amy-pw'],
    ['other letters', '/?U=amy&p=amy-pw'],
    ['no password', '/?u=amy'],
  ])('let nobody in by %s', async (_what, url) => {
    const auth = open();
    await auth.authenticate(query('/?u=amy&p=amy-pw'));
    expect(await verdict(auth, query(url))).toMatch(/^ERR_KAUTH_/);
  });

  it('are not looked at where Authorization decides', async () => {
    const auth = open();
    const url = '/?u=amy&p=amy-pw';
    await auth.authenticate(query(url));
    for (const [authorization, expected] of [
      [basic('amy', 'wrong'), 'ERR_KAUTH_FAILED'],
      [basic('root', 'root-pw'), 'root'],
      ['Basic !', 'ERR_KAUTH_CREDENTIALS_MALFORMED'],
      ['Digest x', 'amy'],
    ] as const) {
      expect(await verdict(auth, { headers: { authorization }, url })).toBe(expected);
    }
  });

  it.each(['amy&amy-pw', 'u=amy&p=amy-pw', '?u=amy&p=amy-pw'])(
    'are no Authorization header: %s',
    async (authorization) => {
      const auth = open();
      await auth.authenticate(query('/?u=amy&p=amy-pw'));
      expect(await verdict(auth, { headers: { authorization }, url: '/' })).toBe(
        'ERR_KAUTH_CREDENTIALS_MISSING',
      );
    },
  );

  it('count no more once the user changes', async () => {
    const auth = open();
    const request = query('/?u=amy&p=amy-pw');
    expect(await verdict(auth, request)).toBe('amy');
    await auth.users?.update('amy', { password: 'new-pw' });
    expect(await verdict(auth, request)).toBe('ERR_KAUTH_FAILED');
    expect(await verdict(auth, query('/?u=amy&p=new-pw'))).toBe('amy');
    await auth.users?.delete('amy');
    expect(await verdict(auth, query('/?u=amy&p=new-pw'))).toBe('ERR_KAUTH_FAILED');
  });

  it('are remembered as they were judged, whatever becomes of the request meanwhile', async () => {
    const auth = open();
    const headers: { authorization?: string } = { authorization: basic('amy', 'amy-pw') };
    const byHeader = { headers, url: '/' };
    const byQuery = { headers: {}, url: '/?u=amy&p=amy-pw' };
    const running = [auth.authenticate(byHeader), auth.authenticate(byQuery)];
    headers.authorization = basic('root', 'guess');
    byQuery.url = '/?u=root&p=guess';
    await Promise.all(running);
    expect(await verdict(auth, byHeader)).toBe('ERR_KAUTH_FAILED');
    expect(await verdict(auth, byQuery)).toBe('ERR_KAUTH_FAILED');
  });
});

describe('a server that remembers credentials', () => {
  const usual = fc.constantFrom('u=amy', 'p=amy-pw', 'p=wrong', 'u=root', 'p=root-pw', 'db=x');
  const odd = fc.constantFrom(
    ...['u=%61my', 'u=', 'u', 'u=amy%26', 'u=%ff', 'U=root', 'u=amy%00', 'u=~subscriber'],
    ...['p=amy-p%77', 'p=', 'p=amy-pw+', 'p=%', 'p=amy-pw?u=root', ''],
  );
  const parameter = fc.oneof({ arbitrary: usual, weight: 4 }, { arbitrary: odd, weight: 1 });
  const url = fc
    .array(parameter, { maxLength: 6 })
    .map((parameters) => (parameters.length === 0 ? '/write' : `/write?${parameters.join('&')}`));
  const header = fc.constantFrom(
    ...[basic('amy', 'amy-pw'), basic('root', 'root-pw'), basic('amy', 'root-pw')],
    ...[bearer('root'), bearer('nobody'), 'Bearer', 'Basic', 'Basic !', '', 'Digest x'],
    ...['amy&amy-pw', basic('amy', 'amy-pw').replace('Basic', 'Other'), basic('~subscriber', 'x')],
  );
  const authorization = fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 2 },
    { arbitrary: header, weight: 1 },
  );
  const requests = fc.array(fc.record({ url, headers: fc.record({ authorization }) }), {
    minLength: 2,
    maxLength: 12,
  });

  it('judges every request as one that remembers nothing does', async () => {
    const cold = openAuth({
      http: { authEnabled: true, sharedSecret: SECRET },
      auth: { enabled: true, bcryptCost: 4, cacheExpiration: '0s' },
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await fc.assert(
      fc.asyncProperty(requests, async (sequence) => {
        const warm = open();
        for (const request of [...sequence, ...sequence]) {
          expect(await verdict(warm, request)).toBe(await verdict(cold, request));
        }
        await warm.close();
      }),
      { numRuns: 60 },
    );
  });
});
