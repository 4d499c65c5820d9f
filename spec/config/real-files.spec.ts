import { load, problemsOf } from './config-files.js';

describe('a whole file:', () => {
  it('kapacitord config loads as it is printed', () => {
    const configFile = 'fixtures/reference/kapacitord-config.toml';
    const config = load({ configFile });
    expect(config).toMatchObject({
      http: { authEnabled: false, sharedSecret: '' },
      auth: { ...load().auth, enabled: false },
      configFile,
    });
    expect(config.origins).toMatchObject({
      'http.auth-enabled': `${configFile}:26`,
      'http.shared-secret': `${configFile}:34`,
      'auth.enabled': `${configFile}:11`,
      'auth.cache-expiration': 'default',
    });
  });

  it('kapacitord config loads with authentication on, its zeros being a cost and no cache', () => {
    const configFile = 'fixtures/reference/kapacitord-config.toml';
    const config = load({ configFile, http: { authEnabled: true }, auth: { enabled: true } });
    expect(config.auth).toEqual({ ...load().auth, cacheExpiration: 0 });
  });

  it('Kapacitor’s documentation, as it stands, asks for authentication by nobody', () => {
    const configFile = 'fixtures/reference/documented-example.conf';
    const [problem, ...others] = problemsOf({ configFile });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key: 'http.auth-enabled', origin: `${configFile}:5` });
    expect(problem?.problem).toContain(`auth.enabled (${configFile}:7)`);
  });

  it('Kapacitor’s documentation loads once auth.enabled is true, without what it says of meta nodes', () => {
    const configFile = 'fixtures/reference/documented-example.conf';
    expect(load({ configFile, auth: { enabled: true } }).auth).toMatchObject({
      enabled: true,
      cacheExpiration: 600_000,
      metaAddr: [],
      metaCa: '',
      metaCert: '',
      metaKey: '',
    });
    expect(load({ configFile }, { KAPACITOR_AUTH_ENABLED: 'true' }).auth.enabled).toBe(true);
  });

  it('one with [[influxdb]] after [auth] keeps the two apart', () => {
    const configFile = 'fixtures/config/influxdb-after-auth.conf';
    const { http, auth, origins } = load({ configFile });
    expect([http.authEnabled, auth.enabled, auth.bcryptCost]).toEqual([true, true, 12]);
    expect(origins).toMatchObject({
      'auth.enabled': `${configFile}:8`,
      'auth.bcrypt-cost': `${configFile}:9`,
    });
  });

  it('an .ini loads', () => {
    const configFile = 'fixtures/config/kapacitor.ini';
    const config = load({ configFile });
    expect(config).toMatchObject({
      http: { authEnabled: true, sharedSecret: 'not a secret; since everybody reads it' },
      auth: {
        cacheExpiration: 5_400_000,
        bcryptCost: 12,
        metaUsername: 'our name',
        metaPassword: 'pass#word',
      },
      store: { type: 'file', path: 'users.json' },
    });
    expect(config.origins).toMatchObject({
      'auth.bcrypt-cost': `${configFile}:12`,
      'store.type': `${configFile}:21`,
    });
  });

  it('one in all spellings of TOML loads, each line being the right one or left out', () => {
    const configFile = 'fixtures/config/odd-spelling.toml';
    const { http, auth, store, origins } = load({ configFile });
    expect({ http, auth, store }).toMatchObject({
      http: { authEnabled: true },
      auth: { metaUsername: 'dotted', metaPassword: 'quoted key' },
      store: { type: 'file', path: '#users.json' },
    });
    expect(origins).toMatchObject({
      'http.auth-enabled': configFile,
      'auth.meta-username': `${configFile}:12`,
      'auth.meta-password': configFile,
      'auth.bcrypt-cost': 'default',
      'store.type': `${configFile}:23`,
      'store.path': `${configFile}:24`,
    });
  });
});
