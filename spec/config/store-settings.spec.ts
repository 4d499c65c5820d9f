import type { KapacitorAuthOptions, UserSource } from '../../lib/index.js';
import { load, problemsOf, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();
const URL = 'postgres://amy:s3cret@db.example/users';

/** The type of the store of a file, an environment and code. */
function typeOf(file: string, environment: Record<string, string>, store: object): string {
  const configFile = folder.write('store.conf', `[store]\n${file}`);
  return load({ configFile, store }, environment).store.type;
}

describe('a URL', () => {
  it('alone means PostgreSQL, from each source', () => {
    expect(typeOf(`url = "${URL}"`, {}, {})).toBe('postgres');
    expect(typeOf('', { KAPACITOR_STORE_URL: URL }, {})).toBe('postgres');
    expect(typeOf('', {}, { url: URL })).toBe('postgres');
    const { origins } = load({ store: { url: URL } });
    expect(origins).toMatchObject({ 'store.type': 'code', 'store.url': 'code' });
  });

  it('counts before a path of the same or a weaker source, and after one of a stronger', () => {
    const inEnvironment = { KAPACITOR_STORE_URL: URL, KAPACITOR_STORE_PATH: 'users.json' };
    expect(typeOf('', inEnvironment, {})).toBe('postgres');
    expect(typeOf('path = "users.db"', { KAPACITOR_STORE_URL: URL }, {})).toBe('postgres');
    expect(typeOf('', { KAPACITOR_STORE_URL: URL }, { path: 'users.db' })).toBe('sqlite');
    expect(typeOf(`url = "${URL}"`, { KAPACITOR_STORE_PATH: 'users.json' }, {})).toBe('file');
  });

  it('is left aside for a type of a stronger source, and so is what goes with it', () => {
    const environment = { KAPACITOR_STORE_URL: URL, KAPACITOR_STORE_SCHEMA: 'auth' };
    const config = load({ store: { type: 'sqlite', path: 'users.db' } }, environment);
    expect(config.store.type).toBe('sqlite');
    const reason = 'does not count, since store.type is "sqlite"';
    expect(config.leftAside).toEqual([
      { key: 'store.url', origin: 'KAPACITOR_STORE_URL', reason },
      { key: 'store.schema', origin: 'KAPACITOR_STORE_SCHEMA', reason },
    ]);
  });

  it.each([
    [{ type: 'sqlite', url: URL }, 'store.url'],
    [{ type: 'file', url: URL }, 'store.url'],
    [{ type: 'sqlite', listenUrl: URL }, 'store.listen-url'],
  ])('is refused beside another type of the same source: %j', (store, key) => {
    const [problem, ...others] = problemsOf({ store });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key, origin: 'code' });
    expect(problem?.problem).toMatch(/^is set, and store\.type \(code\) is "(sqlite|file)"; set /);
    expect(problem?.problem).not.toMatch(/s3cret|amy/);
  });

  it('is refused beside another type of a weaker source', () => {
    const configFile = folder.write('weak.conf', '[store]\ntype = "sqlite"\n');
    const problems = problemsOf({ configFile }, { KAPACITOR_STORE_URL: URL });
    expect(problems.map(({ key }) => key)).toEqual(['store.url']);
  });
});

describe('store.type = "postgres"', () => {
  it('needs a URL', () => {
    expect(problemsOf({ store: { type: 'postgres' } })).toEqual([
      {
        key: 'store.url',
        origin: 'default',
        problem:
          'is not set, and store.type (code) is "postgres"; set it to postgres://user:password@host:port/database',
      },
    ]);
  });

  it('leaves a path aside', () => {
    const config = load({ store: { url: URL } }, { KAPACITOR_STORE_PATH: 'users.db' });
    expect(config.leftAside).toEqual([
      {
        key: 'store.path',
        origin: 'KAPACITOR_STORE_PATH',
        reason: 'does not count, since store.type is "postgres"',
      },
    ]);
  });

  it.each([
    ['listen-url', { listenUrl: `${URL}?sslmode=require` }],
    ['one of several URLs', { url: `${URL},${URL}?sslmode=verify-full` }],
    ['the URL', { url: `${URL}?sslmode=verify-ca` }],
  ])('asks for the files of TLS if only %s asks for TLS', (_what, store) => {
    const files = { ca: '/nowhere/ca.pem', useTls: false, insecureSkipVerify: true };
    const problems = problemsOf({ store: { url: URL, ...files, ...store } });
    expect(problems.map(({ key, problem }) => `${key} ${problem}`)).toEqual([
      'store.ca "/nowhere/ca.pem" does not exist',
    ]);
  });

  it('refuses files for TLS without TLS, and files that are not there with it', () => {
    const files = { ca: '/nowhere/ca.pem', cert: '', key: '/nowhere/key.pem' };
    const of = (store: object) =>
      problemsOf({ store: { url: URL, ...files, ...store } }).map(
        ({ key, problem }) => `${key} ${problem}`,
      );
    expect(of({ useTls: false })).toEqual([
      'store.ca is set, and store.use-tls is false; set store.use-tls = true',
      'store.key is set, and store.use-tls is false; set store.use-tls = true',
    ]);
    expect(of({ useTls: true })).toEqual([
      'store.ca "/nowhere/ca.pem" does not exist',
      'store.cert is not set, store.key is; a certificate and its key go together',
      'store.key "/nowhere/key.pem" does not exist',
    ]);
  });
});

describe('throttle.store', () => {
  const plain: UserSource = { find: () => undefined };
  const counting: UserSource = { find: () => undefined, failures: jest.fn() };

  it.each<[string, KapacitorAuthOptions, string]>([
    ['SQLite', {}, 'memory'],
    ['PostgreSQL', { store: { url: URL } }, 'store'],
    ['a store of an app', { store: plain }, 'memory'],
    ['a store of an app that counts', { store: counting }, 'store'],
    ['a meta node', { store: { url: URL }, auth: { metaAddr: 'meta:8091' } }, 'memory'],
    ['another word', { store: { url: URL }, throttle: { store: 'memory' } }, 'memory'],
  ])('is by default the right one for %s', (_what, options, store) => {
    expect(load(options).throttle.store).toBe(store);
  });

  it.each([
    ['SQLite', {}],
    ['a store of an app', { store: plain }],
    ['a meta node', { store: { url: URL }, auth: { metaAddr: 'meta:8091' } }],
  ])('may not be the store if that is %s', (_what, options) => {
    expect(problemsOf({ ...options, throttle: { store: 'store' } })).toEqual([
      {
        key: 'throttle.store',
        origin: 'code',
        problem:
          'is "store", and the store of the users counts no failed logins; take it out, or keep the users in PostgreSQL',
      },
    ]);
  });

  it('says nothing while nothing is counted, or a counter is given in code', () => {
    expect(load({ throttle: { store: 'store', enabled: false } }).throttle.store).toBe('store');
    const throttleStore = jest.fn();
    expect(load({ throttle: { store: 'store' }, throttleStore }).throttleStore).toBe(throttleStore);
  });
});
