import { createContext, runInContext } from 'node:vm';
import { silentLogger } from '../../../lib/logger.js';
import type { UserSource } from '../../../lib/stores/user-store.js';
import { load, loadUntyped, problemsOf, rememberingLogger } from '../config-files.js';

const logger = rememberingLogger();

describe('an option in both spellings', () => {
  it.each([
    [{ metaUseTls: true, 'meta-use-tls': true }],
    [{ metaUseTls: true, 'meta-use-tls': undefined }],
    [{ metaUseTls: undefined, 'meta-use-tls': true }],
  ])('is one where they agree: %j', (auth) => {
    expect(load({ auth }).auth.metaUseTls).toBe(true);
  });

  it('is refused where they differ', () => {
    const auth = { metaUseTls: true, 'meta-use-tls': false };
    expect(problemsOf({ auth })).toEqual([
      {
        key: 'auth.meta-use-tls',
        origin: 'code',
        problem: 'is given in two spellings with different values; accepted: one',
      },
    ]);
  });

  it('is refused without a word of what it is where it is a secret', () => {
    const [problem] = problemsOf({ http: { sharedSecret: 'one', 'shared-secret': 'two' } });
    expect(JSON.stringify(problem)).not.toMatch(/"one"|two"/);
  });
});

describe('undefined', () => {
  it('counts as missing wherever it stands', () => {
    const options = {
      configFile: undefined,
      http: undefined,
      auth: { bcryptCost: undefined, bcrypt: undefined },
    };
    const environment = { KAPACITOR_AUTH_BCRYPT_COST: '5' };
    const config = loadUntyped(
      {
        ...options,
        store: undefined,
        realm: undefined,
        logger: undefined,
        onError: undefined,
        relm: undefined,
      },
      { KAPACITOR_CONFIG_PATH: '/dev/null', ...environment },
    );
    expect(config.auth.bcryptCost).toBe(5);
    expect(config.origins['auth.bcrypt-cost']).toBe('KAPACITOR_AUTH_BCRYPT_COST');
  });
});

describe('options that are no plain objects', () => {
  it.each([
    null,
    5,
    'http',
    true,
    [],
    () => ({}),
    new Date(),
    new Map(),
    Object.create({ http: {} }),
    new URL('http://a'),
  ])('are refused: %p', (options) => {
    expect(problemsOf(options)).toMatchObject([{ key: 'options', origin: 'code' }]);
  });

  it.each(['http', 'auth'])('are refused as [%s]', (section) => {
    for (const value of [
      null,
      5,
      'on',
      [],
      new Date(),
      new Map([['authEnabled', false]]),
      () => ({}),
    ]) {
      expect(problemsOf({ [section]: value })).toEqual([
        { key: section, origin: 'code', problem: 'is no section; accepted: keys with values' },
      ]);
    }
  });
});

describe('prototypes', () => {
  it('may be missing', () => {
    const bare = (values: object): object => Object.assign(Object.create(null), values);
    const config = loadUntyped(
      bare({ auth: bare({ bcryptCost: 5 }), store: bare({ path: 'x' }), logger }),
    );
    expect([config.auth.bcryptCost, config.store.path]).toEqual([5, 'x']);
  });

  it('may be those of another realm', () => {
    const options: unknown = runInContext('({ auth: { bcryptCost: 5 } })', createContext());
    expect(loadUntyped(options).auth.bcryptCost).toBe(5);
  });

  it('never give a value, whatever Object.prototype was made to hold', () => {
    const polluted = {
      http: { authEnabled: false },
      authEnabled: false,
      'auth-enabled': false,
      sharedSecret: 'polluted',
      bcryptCost: 3,
      configFile: '/polluted.conf',
      realm: 'polluted',
      KAPACITOR_HTTP_AUTH_ENABLED: 'false',
      KAPACITOR_CONFIG_PATH: '/polluted.conf',
      HOME: '/polluted',
      polluted: true,
    };
    const plain = load({ http: {}, auth: {} });
    Object.assign(Object.prototype, polluted);
    try {
      const config = loadUntyped(
        { http: {}, auth: {}, logger },
        { KAPACITOR_CONFIG_PATH: '/dev/null' },
      );
      expect(Object.entries(config.http)).toEqual(Object.entries(plain.http));
      expect(Object.entries(config.auth)).toEqual(Object.entries(plain.auth));
      expect([config.realm, config.configFile]).toEqual(['kapacitor', undefined]);
    } finally {
      for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key);
    }
  });

  it('are not changed by a key that is called __proto__', () => {
    const options: unknown = JSON.parse('{"auth": {"__proto__": {"bcryptCost": 5}}}');
    expect(problemsOf(options)).toMatchObject([{ key: 'auth.__proto__' }]);
    expect(problemsOf(JSON.parse('{"__proto__": {"auth": {}}}'))).toMatchObject([
      { key: '__proto__' },
    ]);
  });
});

describe('an unknown key', () => {
  it.each([
    [{ configfile: 'x' }, 'configfile', 'configFile'],
    [{ htttp: {} }, 'htttp', 'http'],
    [{ onerror: () => 1 }, 'onerror', 'onError'],
    [{ http: { authEnable: true } }, 'http.authEnable', 'authEnabled'],
    [{ http: { 'auth-enable': true } }, 'http.auth-enable', 'auth-enabled'],
    [{ http: { bindAddress: ':9092' } }, 'http.bindAddress', 'bind-address'],
    [{ auth: { metaUseTLS: true } }, 'auth.metaUseTLS', 'metaUseTls'],
  ])('in %j is named with the nearest one', (options, key, closest) => {
    const problem = `is unknown; the nearest known key is "${closest}"`;
    expect(problemsOf(options)).toEqual([{ key, origin: 'code', problem }]);
  });

  it.each([
    [{ users: { amy: 'pw' } }, 'users', /new MemoryUserStore.*"kapacitor-auth users add"/],
    [{ gateway: { port: 9095 } }, 'gateway.port', /--port$/],
    [{ auth: { constructor: 1 } }, 'auth.constructor', /known keys: enabled, /],
    [{ store: { file: 'x' } }, 'store.file', /known keys: type, path, url, schema, listenUrl, /],
    [{ port: 9095 }, 'port', /known keys: configFile, /],
  ])('in %j has no near one, and what to do is said', (options, key, problem) => {
    expect(problemsOf(options)).toEqual([
      { key, origin: 'code', problem: expect.stringMatching(problem) as unknown },
    ]);
  });

  it('of [http] that Kapacitor knows is ignored, so that a parsed kapacitor.conf can be passed on', () => {
    expect(
      loadUntyped({ http: { 'bind-address': ':9092', 'log-enabled': true }, logger }).http
        .authEnabled,
    ).toBe(true);
  });
});

describe('store', () => {
  const find: UserSource['find'] = () => undefined;

  class OwnStore implements UserSource {
    find = find;
  }

  class InheritingStore extends OwnStore {
    override find = find;
  }

  it.each<[string, UserSource]>([
    ['an object with find', { find }],
    [
      'an object with more',
      Object.freeze({ find, source: 'meta' as const, close: () => undefined }),
    ],
    ['an instance', new OwnStore()],
    ['an instance of a derived class', new InheritingStore()],
  ])('may be a store of your own: %s', (_, store) => {
    const config = load({ store });
    expect(config.userSource).toBe(store);
    expect(config.store).toEqual(load().store);
  });

  it.each([
    ['null', null],
    ['a path', 'users.db'],
    ['a list', []],
    ['a function', find],
    ['an instance without find', new Map()],
    ['an object with other functions', { lookup: find }],
    ['an object whose find is none', { find: true, list: find }],
  ])('can’t be %s', (_, store) => {
    expect(problemsOf({ store })).toEqual([
      {
        key: 'store',
        origin: 'code',
        problem:
          'is not accepted; accepted: { type, path, url }, or an object with a function find(name)',
      },
    ]);
  });

  it('is undefined as a source where it describes one of ours', () => {
    expect(load({ store: { type: 'file' } }).userSource).toBeUndefined();
  });
});

describe('options in code only', () => {
  const functions = { info: () => 1, warn: () => 1, error: () => 1 };

  it('are taken as they are', () => {
    const own = rememberingLogger();
    expect(load({ realm: 'my "realm" \\', logger: own })).toMatchObject({
      realm: 'my "realm" \\',
      logger: own,
    });
    expect(load({ logger: console }).logger).toBe(console);
    const throttleStore = jest.fn();
    expect(load({ throttleStore }).throttleStore).toBe(throttleStore);
    expect(load().throttleStore).toBeUndefined();
    const wrapStore = jest.fn();
    expect(load({ wrapStore }).wrapStore).toBe(wrapStore);
    expect(load({ logger: undefined }).logger).toBe(silentLogger);
    expect(() => load({ onError: jest.fn(), challenge: jest.fn(), optional: true })).not.toThrow();
    expect(() => load({ challenge: false, optional: false })).not.toThrow();
  });

  it.each([
    ['realm', ['', 5, null, 'a\nb', 'a\r\nX: 1', '\u007f', '\u0000', 'caf\u00e9', 'tab\t']],
    ['configFile', ['', 5, null, ['a.conf'], new URL('file:///a.conf'), 'a\0.conf']],
    [
      'logger',
      [null, 5, 'console', {}, { ...functions, warn: undefined }, { ...functions, info: 'x' }],
    ],
    ['throttleStore', [null, 5, 'redis', { penalty: () => 1 }, true]],
    ['wrapStore', [null, 5, 'store', { find: () => 1 }, true]],
    ['onError', [null, 5, 'next', {}, true]],
    ['challenge', [null, 1, 'true', {}]],
    ['optional', [null, 1, 'true', () => true]],
  ])('are refused when they can’t be used: %s', (name, values) => {
    for (const value of values) {
      const [problem, ...others] = problemsOf({ [name]: value });
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ key: name, origin: 'code' });
      expect(problem?.problem).toMatch(/^is not accepted; accepted: ./);
    }
  });
});
