import fc from 'fast-check';
import { optionRows } from '../../lib/config/option-rows.js';
import { load, problemsOf, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();

const BOOLEANS = [
  'http.auth-enabled',
  'auth.enabled',
  'auth.meta-use-tls',
  'auth.meta-insecure-skip-verify',
  'throttle.enabled',
  'auth.allow-slow-bcrypt',
  'store.use-tls',
  'store.insecure-skip-verify',
  'gateway.upstream-authenticates',
  'gateway.read-tasks',
];
const DURATIONS = [
  'auth.cache-expiration',
  'auth.stale-if-error',
  'throttle.window',
  'gateway.timeout',
];
const SECRETS = [
  'http.shared-secret',
  'auth.meta-internal-shared-secret',
  'gateway.upstream-shared-secret',
];
const PEM_PATHS = [
  'auth.meta-ca',
  'auth.meta-cert',
  'auth.meta-key',
  'store.ca',
  'store.cert',
  'store.key',
  'gateway.tls-cert',
  'gateway.tls-key',
];
const FAILURES = ['throttle.failures-per-user', 'throttle.failures-per-address'];
const NUMBERS = ['auth.bcrypt-cost', ...FAILURES, 'gateway.max-body-size'];
const TEXTS = optionRows
  .map(({ id }) => id)
  .filter((id) => ![...BOOLEANS, ...NUMBERS, 'pages.enabled'].includes(id));

/** No upstreams: without a scheme or with another, with a path, query or credentials, with a port that can't be. */
const UPSTREAMS = [
  ...['127.0.0.1:9092', 'ftp://host', 'http://', 'http://host/kapacitor', 'http://host?db=x'],
  ...[
    'http://me:secret@host',
    'http://host:99999',
    'http://ho st',
    'http:\\\\host',
    'http://host\\x',
  ],
];

/** No databases: of another kind, with a character that must be encoded, with a word on TLS that is not exact. */
const DATABASES = [
  ...['db.example', 'mysql://db/users', 'postgres:/db/users', 'http://db', '${DATABASE_URL}'],
  ...[
    'postgres://amy:p@ss@db/users',
    'postgres://amy:p/ss@db/users',
    'postgres://amy:%zz@db/users',
  ],
  ...[
    'postgres://db:99999/users',
    'postgres://db/users#x',
    'postgres://db/users, db2',
    'postgres:///users',
  ],
  ...['sslmode=prefer', 'ssl=true', 'sslrootcert=/etc/passwd', 'sslmode=require&ssl=0'].map(
    (parameter) => `postgres://db/users?${parameter}`,
  ),
];

/** Text that no source accepts for an option. */
const WRONG_TEXTS: readonly (readonly [string, string])[] = [
  ...BOOLEANS.flatMap((id) =>
    ['yes', 'no', 'on', 'off', 'tRUE', 'tr', '2', ' true', 'true '].map(
      (text) => [id, text] as const,
    ),
  ),
  ...DURATIONS.flatMap((id) =>
    ['10', '-1s', '-1ns', '1 h', 'soon', '1d', ' 1s'].map((text) => [id, text] as const),
  ),
  ...['3', '31', '-1', '10.0', '10.5', '1e1', '0x0a', '010e', 'ten', ' 10', '+10'].map(
    (text) => ['auth.bcrypt-cost', text] as const,
  ),
  ...['meta', 'http://meta:8091', 'meta:0', 'meta:8091,'].map(
    (text) => ['auth.meta-addr', text] as const,
  ),
  ...SECRETS.flatMap((id) => [' ', '\t \n', '\u00a0'].map((text) => [id, text] as const)),
  ...['proxy', '10.0.0.0/33', '127.0.0.1,'].map(
    (text) => ['gateway.trusted-proxies', text] as const,
  ),
  ...['*', 'null', 'console.example', 'https://*.example', 'https://a/b', 'https://a,'].map(
    (text) => ['cors.origins', text] as const,
  ),
  ...['yes', 'Auto', 'auto '].map((text) => ['pages.enabled', text] as const),
  ...[
    'admin',
    '/',
    '/admin/',
    '//admin',
    '/a//b',
    '/a/../b',
    '/.admin',
    '/a%20b',
    '/a?b',
    '/\u00fc',
  ].map((text) => ['pages.base-path', text] as const),
  ...['/health', '/auth/x', '/METRICS', '/Kapacitor/v1/users', '/write', `/${'a'.repeat(64)}`].map(
    (text) => ['pages.base-path', text] as const,
  ),
  ...['kapacitor.example', 'https://a/admin', 'https://a, https://b', 'https://*.a'].map(
    (text) => ['pages.origin', text] as const,
  ),
  ...UPSTREAMS.map((text) => ['gateway.upstream', text] as const),
  ...['-1', '1.5', '1e3', ' 1', '1kB'].map((text) => ['gateway.max-body-size', text] as const),
  ...FAILURES.flatMap((id) =>
    ['-1', '1.5', 'many', '2147483648'].map((text) => [id, text] as const),
  ),
  ...['0s', '999ms', '1us'].map((text) => ['throttle.window', text] as const),
  ...['SQLite', 'json', 'sqlite '].map((text) => ['store.type', text] as const),
  ...['redis', 'Store'].map((text) => ['throttle.store', text] as const),
  ...['store.url', 'store.listen-url'].flatMap((id) =>
    DATABASES.map((text) => [id, text] as const),
  ),
  ...['postgres://amy:p@db/users', 'file:///users.db'].map((text) => ['store.path', text] as const),
  ...['Users', 'my-users', '1st', 'pg_users', 'a b', 'a"; DROP', 'u'.repeat(49)].map(
    (text) => ['store.schema', text] as const,
  ),
  ...[...PEM_PATHS, 'store.path'].map((id) => [id, '/etc/\0/x'] as const),
];

/** Values of a type that an option hasn't, in code and in TOML. */
const WRONG_TYPES: readonly (readonly [string, unknown])[] = [
  ...BOOLEANS.flatMap((id) => ['true', 1, []].map((value) => [id, value] as const)),
  ...TEXTS.flatMap((id) => [5, 1.5, true, ['a:1'], {}].map((value) => [id, value] as const)),
  ...['10', 3, 31, -4, 4.5, true, [10]].map((value) => ['auth.bcrypt-cost', value] as const),
  ...['10', -1, 4.5, true, [10]].map((value) => ['gateway.max-body-size', value] as const),
  ...['true', 1, [], {}].map((value) => ['pages.enabled', value] as const),
  ...FAILURES.flatMap((id) => ['10', -1, 4.5, true].map((value) => [id, value] as const)),
];

/** Values that only code can have. */
const ODD_VALUES = [null, 10n, Symbol('10'), new Date(), NaN, Infinity, Object('text')];

function rowOf(id: string) {
  const row = optionRows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no option ${id}`);
  return row;
}

function expectRefusal(id: string, origin: string, options: unknown, environment = {}): void {
  const { option } = rowOf(id);
  const [problem, ...others] = problemsOf(options, {
    KAPACITOR_CONFIG_PATH: '/dev/null',
    ...environment,
  });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ key: id, origin });
  expect(problem?.problem).toContain(` is not accepted; accepted: ${option.type.accepts}`);
  if (option.secret) expect(problem?.problem).toMatch(/^its value is /);
}

describe('a wrong text', () => {
  it.each(WRONG_TEXTS)('for %s, %j, is refused from the environment', (id, text) => {
    const { variable } = rowOf(id);
    expectRefusal(id, variable, {}, { [variable]: text });
  });

  it.each(WRONG_TEXTS)('for %s, %j, is refused from code', (id, text) => {
    const { section, key } = rowOf(id);
    expectRefusal(id, 'code', { [section]: { [key]: text } });
  });

  it.each(WRONG_TEXTS)('for %s, %j, is refused from a TOML file', (id, text) => {
    const { section, key } = rowOf(id);
    const file = folder.write('wrong.toml', `[${section}]\n${key} = ${JSON.stringify(text)}\n`);
    expectRefusal(id, `${file}:2`, { configFile: file });
  });

  it.each(WRONG_TEXTS)('for %s, %j, is refused from an .ini file', (id, text) => {
    const { section, key } = rowOf(id);
    const file = folder.write('wrong.ini', `[${section}]\n${key} = ${JSON.stringify(text)}\n`);
    expectRefusal(id, `${file}:2`, { configFile: file });
  });
});

describe('a value of a wrong type', () => {
  it.each(WRONG_TYPES)('for %s, %j, is refused from code', (id, value) => {
    const { section, name } = rowOf(id);
    expectRefusal(id, 'code', { [section]: { [name]: value } });
  });

  it.each(WRONG_TYPES)('for %s, %j, is refused from a TOML file', (id, value) => {
    const { section, key } = rowOf(id);
    const file = folder.write('type.toml', `[${section}]\n${key} = ${JSON.stringify(value)}\n`);
    expectRefusal(id, `${file}:2`, { configFile: file });
  });

  it.each(optionRows.flatMap(({ id }) => ODD_VALUES.map((value) => [id, value] as const)))(
    'for %s, %p, is refused from code',
    (id, value) => {
      const { section, name } = rowOf(id);
      expectRefusal(id, 'code', { [section]: { [name]: value } });
    },
  );
});

describe('booleans in the environment', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is true', (text) => {
    expect(
      load({}, { KAPACITOR_AUTH_META_INSECURE_SKIP_VERIFY: text }).auth.metaInsecureSkipVerify,
    ).toBe(true);
  });

  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is false', (text) => {
    expect(load({}, { KAPACITOR_HTTP_AUTH_ENABLED: text }).http.authEnabled).toBe(false);
  });

  it('yes is an error that says what is accepted', () => {
    expect(
      problemsOf({}, { KAPACITOR_HTTP_AUTH_ENABLED: 'yes', KAPACITOR_CONFIG_PATH: '/dev/null' }),
    ).toEqual([
      {
        key: 'http.auth-enabled',
        origin: 'KAPACITOR_HTTP_AUTH_ENABLED',
        problem:
          '"yes" is not accepted; accepted: true or false ' +
          '(in the environment also 1, t, T, TRUE, True and 0, f, F, FALSE, False)',
      },
    ]);
  });
});

describe('auth.bcrypt-cost', () => {
  it('is one of 4 to 16, or 0 for the default', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 40 }), (cost) => {
        if (cost === 0) expect(load({ auth: { bcryptCost: cost } }).auth.bcryptCost).toBe(10);
        else if (cost >= 4 && cost <= 16)
          expect(load({ auth: { bcryptCost: cost } }).auth.bcryptCost).toBe(cost);
        else expect(problemsOf({ auth: { bcryptCost: cost } })).toHaveLength(1);
      }),
    );
  });

  it('is one of 17 to 30 only by leave', () => {
    const allowSlowBcrypt = true;
    for (const bcryptCost of [17, 30]) {
      expect(load({ auth: { bcryptCost, allowSlowBcrypt } }).auth.bcryptCost).toBe(bcryptCost);
    }
    expect(problemsOf({ auth: { bcryptCost: 31, allowSlowBcrypt } })).toHaveLength(1);
    expect(problemsOf({ auth: { bcryptCost: 17 } })[0]?.problem).toMatch(
      /above 16: .*auth\.allow-slow-bcrypt = true/,
    );
  });
});

describe('store', () => {
  it.each([
    [{}, 'sqlite', 'kapacitor-auth.db', 'default', 'default'],
    [{ type: 'sqlite' }, 'sqlite', 'kapacitor-auth.db', 'code', 'default'],
    [{ type: 'file' }, 'file', 'kapacitor-auth.json', 'code', 'default'],
    [{ path: 'users.db' }, 'sqlite', 'users.db', 'default', 'code'],
    [{ path: ':memory:' }, 'sqlite', ':memory:', 'default', 'code'],
    [{ path: 'users.json' }, 'file', 'users.json', 'code', 'code'],
    [{ type: 'sqlite', path: 'users.json' }, 'sqlite', 'users.json', 'code', 'code'],
    [{ type: 'file', path: 'users' }, 'file', 'users', 'code', 'code'],
    [{ url: 'postgres://db/users' }, 'postgres', 'kapacitor-auth.db', 'code', 'default'],
    [{ url: 'postgres://db/users', path: 'u.json' }, 'postgres', 'u.json', 'code', 'code'],
    [{ url: '', path: 'users.json' }, 'file', 'users.json', 'code', 'code'],
  ] as const)('%j is %s at %s', (store, type, path, typeOrigin, pathOrigin) => {
    const config = load({ store });
    expect(config.store).toMatchObject({ type, path });
    expect(config.origins).toMatchObject({ 'store.type': typeOrigin, 'store.path': pathOrigin });
  });

  it('is a file where the environment gives a path that ends in .json', () => {
    const config = load({}, { KAPACITOR_STORE_PATH: '/var/lib/users.json' });
    expect(config.store.type).toBe('file');
    expect(config.origins['store.type']).toBe('KAPACITOR_STORE_PATH');
  });

  it('does not take its type from a path that is refused', () => {
    expect(problemsOf({ store: { path: 5 } }).map(({ key }) => key)).toEqual(['store.path']);
    expect(problemsOf({ store: { type: 5 } }).map(({ key }) => key)).toEqual(['store.type']);
  });

  it('refuses an empty path, at which SQLite would keep users nowhere', () => {
    expectRefusal('store.path', 'code', { store: { path: '' } });
  });
});
