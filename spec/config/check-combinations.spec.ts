import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { load, problemsOf, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();

describe('http.auth-enabled and auth.enabled', () => {
  it.each([
    [true, true],
    [false, true],
    [false, false],
  ])('load as %s and %s', (authEnabled, enabled) => {
    const { http, auth } = load({ http: { authEnabled }, auth: { enabled } });
    expect([http.authEnabled, auth.enabled]).toEqual([authEnabled, enabled]);
  });

  it.each([
    [{ http: { authEnabled: true }, auth: { enabled: false } }, 'code'],
    [{ auth: { enabled: false } }, 'default'],
  ])('are refused together in %j, with both keys and both ways out', (options, origin) => {
    expect(problemsOf(options)).toEqual([
      {
        key: 'http.auth-enabled',
        origin,
        problem:
          'is true while auth.enabled (code) is false, so that nobody could be authenticated; set auth.enabled = true to ' +
          'authenticate users, or http.auth-enabled = false to let every request pass as administrator',
      },
    ]);
  });

  it.each([
    [{ http: { authEnabled: 'yes' }, auth: { enabled: false } }, 'http.auth-enabled'],
    [{ http: { authEnabled: true }, auth: { enabled: 'no' } }, 'auth.enabled'],
  ])('are not judged together in %j, where one is wrong by itself', (options, key) => {
    expect(problemsOf(options).map((problem) => problem.key)).toEqual([key]);
  });
});

describe('while auth.enabled is false', () => {
  const http = { authEnabled: false };

  it('other values of [auth] are not judged and don’t count', () => {
    const file = folder.write(
      'off.conf',
      '[auth]\nenabled = false\nbcrypt-cost = "many"\nmeta-use-tls = true\nmeta-ca = "/no"',
    );
    const environment = {
      KAPACITOR_AUTH_CACHE_EXPIRATION: 'never',
      KAPACITOR_AUTH_META_USERNAME: 'me',
    };
    const config = load(
      { configFile: file, http, auth: { metaAddr: 'x', metaKey: 'a', 'meta-key': 'b' } },
      environment,
    );
    expect(config.auth).toEqual({ ...load().auth, enabled: false });
    expect(config.origins).toMatchObject({
      'auth.enabled': `${file}:2`,
      'auth.bcrypt-cost': 'default',
    });
  });

  it('other sections are judged all the same', () => {
    const options = { auth: { enabled: false }, http, store: { type: 'x' } };
    expect(problemsOf(options).map(({ key }) => key)).toEqual(['store.type']);
  });

  it('unknown keys of [auth] are still unknown', () => {
    const options = { auth: { enabled: false, bcrypt: 5 }, http };
    expect(problemsOf(options).map(({ key }) => key)).toEqual(['auth.bcrypt']);
  });

  it('unless a stronger source switches it on', () => {
    const file = folder.write('on.conf', '[auth]\nenabled = false\nbcrypt-cost = 3\n');
    const environment = { KAPACITOR_AUTH_ENABLED: 'true' };
    const problems = problemsOf({ configFile: file }, environment);
    expect(problems.map(({ key }) => key)).toEqual(['auth.bcrypt-cost']);
  });
});

describe('meta-ca, meta-cert and meta-key', () => {
  const pem = folder.write('some.pem', 'not looked at here');
  mkdirSync(join(folder.path, 'folder.pem'));
  symlinkSync('loop.pem', join(folder.path, 'loop.pem'));

  it('are not looked for while meta-use-tls is false', () => {
    const auth = { metaCa: '/nowhere/ca.pem', metaCert: '/nowhere/cert.pem' };
    expect(load({ auth }).auth).toMatchObject(auth);
  });

  it.each([
    [{}],
    [{ metaCa: pem }],
    [{ metaCert: pem, metaKey: pem }],
    [{ metaCa: pem, metaCert: pem, metaKey: pem }],
  ])('load with TLS as %j', (files) => {
    expect(load({ auth: { metaUseTls: true, ...files } }).auth).toMatchObject(files);
  });

  it('are all named when they can’t be read', () => {
    const auth = {
      metaUseTls: true,
      metaCa: '/nowhere/ca.pem',
      metaCert: join(folder.path, 'folder.pem'),
      metaKey: join(folder.path, 'loop.pem'),
    };
    expect(problemsOf({ auth })).toEqual([
      { key: 'auth.meta-ca', origin: 'code', problem: '"/nowhere/ca.pem" does not exist' },
      { key: 'auth.meta-cert', origin: 'code', problem: `"${auth.metaCert}" is a folder` },
      {
        key: 'auth.meta-key',
        origin: 'code',
        problem: `"${auth.metaKey}" is a link that leads to itself`,
      },
    ]);
  });

  it('may be below what is no folder', () => {
    const [problem] = problemsOf({ auth: { metaUseTls: true, metaCa: `${pem}/ca.pem` } });
    expect(problem?.problem).toBe(`"${pem}/ca.pem" does not exist`);
  });

  it('must be readable by this process', () => {
    const secret = folder.write('secret.pem', 'x');
    chmodSync(secret, 0);
    chmodSync(folder.path, 0o755);
    const [problem] = unprivileged(() =>
      problemsOf({ auth: { metaUseTls: true, metaCa: secret } }),
    );
    expect(problem?.problem).toBe(`"${secret}" may not be read by this process`);
  });

  it.each([
    [
      { metaCert: pem },
      'auth.meta-key',
      'is not set, auth.meta-cert is; a certificate and its key go together',
    ],
    [
      { metaKey: pem },
      'auth.meta-cert',
      'is not set, auth.meta-key is; a certificate and its key go together',
    ],
  ])('go together: %j lacks %s', (files, key, problem) => {
    expect(problemsOf({ auth: { metaUseTls: true, ...files } })).toEqual([
      { key, origin: expect.any(String), problem },
    ]);
  });

  it.each([
    [{ metaCert: 5, metaKey: pem }, 'auth.meta-cert'],
    [{ metaCert: pem, metaKey: 5 }, 'auth.meta-key'],
    [{ metaCa: 5 }, 'auth.meta-ca'],
  ])('are not missed where they are refused: %j', (files, key) => {
    expect(
      problemsOf({ auth: { metaUseTls: true, ...files } }).map((problem) => problem.key),
    ).toEqual([key]);
  });

  it('are not shown where the content of a file was given instead of its path', () => {
    const content = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n';
    const [problem] = problemsOf({ auth: { metaUseTls: true, metaCa: content } });
    expect(problem?.problem).toMatch(/^a text \(not shown\) /);
  });
});

/** Runs something as a user who may not read everything; root does. */
function unprivileged<T>(run: () => T): T {
  const user = process.geteuid?.();
  if (user !== 0) return run();
  process.seteuid?.(65534);
  try {
    return run();
  } finally {
    process.seteuid?.(user);
  }
}

describe('the credentials for an upstream', () => {
  const upstream = 'http://127.0.0.1:9092';

  it.each([
    {},
    { upstreamUsername: 'gate', upstreamPassword: 'way' },
    { upstreamUsername: 'gate', upstreamSharedSecret: 'shared' },
  ])('load as %j', (gateway) => {
    expect(load({ gateway: { upstream, ...gateway } }).gateway).toMatchObject(gateway);
  });

  it.each([
    [{ upstreamUsername: 'gate' }, 'gateway.upstream-username', 'is set, its password'],
    [{ upstreamPassword: 'way' }, 'gateway.upstream-username', 'is not set'],
    [{ upstreamSharedSecret: 'shared' }, 'gateway.upstream-username', 'is not set'],
    [
      { upstreamUsername: 'gate', upstreamPassword: 'way', upstreamSharedSecret: 'shared' },
      'gateway.upstream-password',
      'is set, and so is gateway.upstream-shared-secret',
    ],
  ])('are refused as %j', (gateway, key, problem) => {
    expect(problemsOf({ gateway: { upstream, ...gateway } })).toEqual([
      { key, origin: expect.any(String), problem: expect.stringContaining(problem) },
    ]);
    expect(load({ gateway }).gateway).toMatchObject(gateway);
    // There nothing of it may be set: `serve` says so, and not how to complete it.
    const auth = { enforce: 'report' } as const;
    expect(load({ auth, gateway: { upstream, ...gateway } }).gateway).toMatchObject(gateway);
  });
});
