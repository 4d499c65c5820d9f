import { verify } from 'jsonwebtoken';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { authorizationHeader } from '../../../lib/stores/meta/own-credentials.js';
import { openStore, recordingLogger, standIn } from './stand-ins.js';

const NONE = { username: '', password: '', internalSharedSecret: '' };

describe('authorizationHeader', () => {
  it.each([
    ['nothing', NONE, undefined],
    ['a password without a name', { ...NONE, password: 'pw' }, undefined],
    [
      'name and password',
      { ...NONE, username: 'svc', password: 'svc-pw' },
      'Basic c3ZjOnN2Yy1wdw==',
    ],
    ['a name alone', { ...NONE, username: 'é' }, 'Basic w6k6'],
  ])('is made of %s', (_, credentials, header) => {
    expect(authorizationHeader(credentials)).toBe(header);
  });

  it('is a token of five minutes when there is a shared secret, whatever else there is', () => {
    const before = Math.floor(Date.now() / 1000);
    const header = authorizationHeader({
      username: 'svc',
      password: 'pw',
      internalSharedSecret: 's',
    });
    const [scheme, token = ''] = header?.split(' ') ?? [];
    expect(scheme).toBe('Bearer');
    const { header: jose, payload } = verify(token, 's', { algorithms: ['HS512'], complete: true });
    expect(jose).toEqual({ alg: 'HS512', typ: 'JWT' });
    const exp = typeof payload === 'string' ? 0 : (payload.exp ?? 0);
    expect(payload).toEqual({ username: '', exp });
    expect(exp - before).toBeGreaterThanOrEqual(300);
    expect(exp - before).toBeLessThanOrEqual(310);
  });
});

describe('A meta node that asks for credentials', () => {
  const basic = { username: 'svc', password: 'svc-pw' };

  it('answers when they are right', async () => {
    const byPassword = await standIn({ credentials: basic });
    const bySecret = await standIn({ credentials: { sharedSecret: 's3cret' } });
    const found = await Promise.all([
      openStore([byPassword], basic).then((store) => store.find('k')),
      openStore([bySecret], { ...basic, internalSharedSecret: 's3cret' }).then((store) =>
        store.find('k'),
      ),
    ]);
    expect(found).toMatchObject([{ name: 'k' }, { name: 'k' }]);
  });

  it.each([
    [{}, /check auth\.meta-internal-shared-secret, or .* \(none is set\)$/],
    [{ ...basic, password: 'top-secret' }, /check auth\.meta-username and auth\.meta-password$/],
    [{ internalSharedSecret: 'top-secret' }, /check auth\.meta-internal-shared-secret$/],
  ])(
    'makes the store unavailable when they are wrong, at once and with one error: %j',
    async (own, hint) => {
      const logger = recordingLogger();
      const node = await standIn({ credentials: basic });
      const store = await openStore([node], { ...own, logger });
      for (const name of ['k', 'ghost', 'ldap']) {
        await expect(store.find(name)).rejects.toThrow(StoreUnavailableError);
      }
      expect(node.requests).toHaveLength(3);
      expect(logger.lines).toEqual([expect.stringMatching(hint)]);
      expect(logger.lines.join()).not.toContain('top-secret');
    },
  );

  it('is told of again when it refuses them again', async () => {
    const logger = recordingLogger();
    const node = await standIn({ credentials: basic });
    const store = await openStore([node], { ...basic, logger });
    expect(await store.find('k')).toBeDefined();
    for (const credentials of [{ sharedSecret: 'a' }, basic, { sharedSecret: 'b' }]) {
      node.credentials = credentials;
      await Promise.allSettled([store.find('ldap'), store.find('k')]);
    }
    const error = `error: meta node ${node.address} refuses our credentials: it answers with status 401; check auth.meta-username and auth.meta-password`;
    expect(logger.lines).toEqual([error, error]);
  });
});

describe('Logs and errors', () => {
  it('hold no password, no hash, no token and no query', async () => {
    const logger = recordingLogger();
    const own = { username: 'svc', password: 'own-pw-4711', internalSharedSecret: 'shared-4711' };
    const texts: string[] = [];
    const names = ['asked-name', 'k', 'ldap'];
    for (const misbehaviour of [
      'HTML',
      'truncated JSON',
      'status 500',
      'status 401',
      'not HTTP',
      'redirect loop',
      'no bcrypt hash',
      'reset in the middle',
      'another user',
      'status 400',
    ] as const) {
      const node = await standIn();
      const store = await openStore([node], { ...own, logger, deadline: 100 });
      node.misbehave(misbehaviour);
      for (const name of names) {
        const outcomes = await Promise.allSettled([
          store.find(name),
          store.verify(name, 'user-pw-4711'),
          store.find(name),
        ]);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') texts.push(describeError(outcome.reason));
        }
      }
    }
    expect(texts.length).toBeGreaterThan(50);
    const all = [...texts, ...logger.lines].join('\n');
    for (const secret of [
      'own-pw-4711',
      'shared-4711',
      'user-pw-4711',
      'plain text',
      '$2a$',
      'Bearer',
      'name=',
      '<html',
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});

/** All that a logger could find in an error. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((key) =>
    JSON.stringify(Reflect.get(error, key)),
  );
  return [...own, describeError(error.cause)].join('\n');
}
