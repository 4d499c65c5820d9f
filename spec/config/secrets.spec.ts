import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describeConfig } from '../../lib/config/describe.js';
import { optionRows } from '../../lib/config/option-rows.js';
import { errorOf, load, loadUntyped, rememberingLogger, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();
const SECRETS = optionRows.filter(({ option }) => option.secret);

/** Secrets that can't be in a text by chance, with characters that texts escape. */
const secret = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '7', '-', '$', '\u00fc', ' ', '/', '+', '='),
    minLength: 12,
  })
  .map((text) => `s3cret${text}.`);

/** Everything that a log could hold of an error. */
function everythingAbout(error: Error): string {
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    format('%o', error),
  ].join('\n');
}

describe('a secret', () => {
  it.each(['tlsKey', 'tlsCert', 'upstreamKey', 'upstreamCa'])(
    'is in no error if gateway.%s holds a key in place of its path',
    (name) => {
      const key = '-----BEGIN PRIVATE KEY-----\nMIIs3cret\n-----END PRIVATE KEY-----\n';
      const error = errorOf({ gateway: { [name]: key } });
      expect(everythingAbout(error)).not.toContain('s3cret');
      expect(error.message).toContain('the path of a PEM file (not what it holds)');
    },
  );

  it('is in no error, whatever else is wrong and wherever it came from', () => {
    const wrong = fc.constantFrom<object>(
      { auth: { bcryptCost: 3 } },
      { store: { type: 'redis' } },
      { http: { authEnable: true } },
      { realm: '' },
      { auth: { enabled: true, metaUseTls: true, metaCa: '/nowhere' } },
    );
    const source = fc.constantFrom('code', 'environment', 'conf', 'ini');
    fc.assert(
      fc.property(secret, wrong, source, (value, options, from) => {
        const sections: Record<string, object> = { http: {}, auth: {}, ...options };
        const environment: Record<string, string> = {};
        let file = '';
        for (const { section, name, key, variable } of SECRETS) {
          if (from === 'code') sections[section] = { ...sections[section], [name]: value };
          else if (from === 'environment') environment[variable] = value;
          else if (from === 'ini') file += `[${section}]\n${key} = ${JSON.stringify(value)}\n`;
          else file += `${section}.${key} = ${JSON.stringify(value)}\n`;
        }
        const configFile = folder.write(`secrets.${from === 'ini' ? 'ini' : 'conf'}`, file);
        const error = errorOf({ ...sections, configFile }, environment);
        // The two URLs are no URLs.
        expect(error.problems).toHaveLength(3);
        expect(everythingAbout(error)).not.toContain(value.slice(0, 9));
      }),
    );
  });

  it.each([
    ['of a wrong type', { http: { sharedSecret: ['s3cret'] } }],
    ['as an object', { auth: { metaPassword: { text: 's3cret' } } }],
    ['in two spellings', { http: { sharedSecret: 's3cret1', 'shared-secret': 's3cret2' } }],
    ['under a wrong name', { http: { sharedSecrt: 's3cret' } }],
    ['instead of a section', { http: 's3cret' }],
    ['in an address', { auth: { metaAddr: 'http://admin:s3cret@meta:8091' } }],
    [
      'as the content of a key file',
      { auth: { metaUseTls: true, metaKey: '-----BEGIN KEY-----s3cret' } },
    ],
    ['as a logger', { logger: 's3cret' }],
  ])('%s is in no error', (_, options) => {
    expect(everythingAbout(errorOf(options))).not.toContain('s3cret');
  });

  it.each([
    ['conf', '[auth]\nmeta-password = "s3cret\n'],
    ['conf', '[auth]\nmeta-password = s3cret\n'],
    ['conf', '[auth]\nmeta-password = "a" "s3cret"\nx'],
    ['conf', '[auth]\n meta-password = "s3cret"\nmeta-password = "s3cret"\n'],
    ['conf', '[auth]\nmeta-password = "\\s3cret"\n'],
    ['conf', '[auth]\nmeta-pasword = "s3cret"\n'],
    ['conf', 's3cret\n'],
    ['ini', '[auth]\ns3cret\n'],
    ['ini', '[auth]\nmeta-password = \'["s3cret"]\'\n'],
  ])('in a broken .%s is in no error: %j', (ending, text) => {
    const configFile = folder.write(`broken.${ending}`, text);
    expect(everythingAbout(errorOf({ configFile }))).not.toContain('s3cret');
  });

  it('is in no warning', () => {
    const logger = rememberingLogger();
    load({
      logger,
      http: { authEnabled: false, sharedSecret: 's3cret' },
      auth: { metaPassword: 's3cret' },
    });
    expect(logger.warnings).toHaveLength(2);
    expect(logger.warnings.join()).not.toContain('s3cret');
  });
});

describe('a configuration', () => {
  const config = load({
    http: { sharedSecret: 's3cret that is long enough for HS256' },
    auth: { metaPassword: 's3cret', metaAddr: 'a:1,b:2', cacheExpiration: '90m' },
    store: { find: () => undefined, ...{ password: 's3cret' } },
    logger: { ...rememberingLogger(), ...{ password: 's3cret' } },
  });

  it('has its secrets', () => {
    expect(config.http.sharedSecret).toBe('s3cret that is long enough for HS256');
    expect({ ...config.auth }.metaPassword).toBe('s3cret');
  });

  it('shows all but its secrets and the objects of the app', () => {
    const shown: unknown = JSON.parse(JSON.stringify(config));
    expect(shown).toMatchObject({
      http: { authEnabled: true, sharedSecret: '(set)' },
      auth: {
        metaAddr: ['a:1', 'b:2'],
        metaPassword: '(set)',
        metaInternalSharedSecret: '(not set)',
      },
      store: { type: 'sqlite' },
      realm: 'kapacitor',
      logger: '(set)',
      userSource: '(set)',
      origins: { 'http.shared-secret': 'code' },
    });
    expect(JSON.parse(JSON.stringify(load()))).toMatchObject({ userSource: '(not set)' });
  });

  it.each([
    ['JSON.stringify', (value: unknown) => JSON.stringify(value)],
    ['util.inspect', (value: unknown) => inspect(value, { depth: 9 })],
    [
      'util.inspect with hidden properties',
      (value: unknown) => inspect(value, { depth: 9, showHidden: true }),
    ],
    ['a %%o format', (value: unknown) => format('%o', value)],
    ['a text', (value: unknown) => String(value)],
  ])('shows no secret to %s', (_, show) => {
    for (const part of [
      config,
      config.http,
      config.auth,
      { config },
      [config.auth],
      { ...config },
    ]) {
      if (part !== config && 'logger' in part) continue;
      expect(show(part)).not.toContain('s3cret');
    }
    expect(inspect(config.http)).toBe("{ authEnabled: true, sharedSecret: '(set)' }");
  });

  it('is frozen through and through, but for the objects of the app', () => {
    for (const part of [
      config,
      config.http,
      config.auth,
      config.store,
      config.origins,
      config.auth.metaAddr,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(load().auth.metaAddr)).toBe(true);
    expect(Object.isFrozen(config.logger)).toBe(false);
    expect(Object.isFrozen(config.userSource)).toBe(false);
  });

  it('does not freeze or change what was given', () => {
    const options = { http: { authEnabled: true }, auth: { metaAddr: 'a:1' } };
    loadUntyped(options);
    expect([options, options.http, options.auth].some((each) => Object.isFrozen(each))).toBe(false);
    expect(options).toEqual({ http: { authEnabled: true }, auth: { metaAddr: 'a:1' } });
    expect(() => load(Object.freeze({ http: Object.freeze({ authEnabled: true }) }))).not.toThrow();
  });

  it('describes each option as kapacitor.conf spells it, with its origin', () => {
    expect(describeConfig(config).map(({ key, value, origin }) => [key, value, origin])).toEqual([
      ['http.auth-enabled', true, 'default'],
      ['http.shared-secret', '(set)', 'code'],
      ['auth.enabled', true, 'default'],
      ['auth.enforce', 'on', 'default'],
      ['auth.cache-expiration', '1h30m', 'code'],
      ['auth.bcrypt-cost', 10, 'default'],
      ['auth.allow-slow-bcrypt', false, 'default'],
      ['auth.meta-addr', 'a:1,b:2', 'code'],
      ['auth.meta-username', '', 'default'],
      ['auth.meta-password', '(set)', 'code'],
      ['auth.meta-internal-shared-secret', '(not set)', 'default'],
      ['auth.meta-use-tls', false, 'default'],
      ['auth.meta-ca', '', 'default'],
      ['auth.meta-cert', '', 'default'],
      ['auth.meta-key', '', 'default'],
      ['auth.meta-insecure-skip-verify', false, 'default'],
      ['auth.meta-default-permissions', '', 'default'],
      ['auth.meta-verify-timeout', '10s', 'default'],
      ['auth.stale-if-error', '0s', 'default'],
      ['throttle.enabled', true, 'default'],
      ['throttle.failures-per-user', 10, 'default'],
      ['throttle.failures-per-address', 100, 'default'],
      ['throttle.window', '1m', 'default'],
      ['throttle.store', 'memory', 'default'],
      ['store.type', 'sqlite', 'default'],
      ['store.path', 'kapacitor-auth.db', 'default'],
      ['store.url', '(not set)', 'default'],
      ['store.schema', 'kapacitor_auth', 'default'],
      ['store.listen-url', '(not set)', 'default'],
      ['store.use-tls', false, 'default'],
      ['store.ca', '', 'default'],
      ['store.cert', '', 'default'],
      ['store.key', '', 'default'],
      ['store.insecure-skip-verify', false, 'default'],
      ['gateway.upstream', '', 'default'],
      ['gateway.upstream-username', '', 'default'],
      ['gateway.upstream-password', '(not set)', 'default'],
      ['gateway.upstream-shared-secret', '(not set)', 'default'],
      ['gateway.upstream-authenticates', false, 'default'],
      ['gateway.upstream-ca', '', 'default'],
      ['gateway.upstream-cert', '', 'default'],
      ['gateway.upstream-key', '', 'default'],
      ['gateway.timeout', '1m', 'default'],
      ['gateway.write-timeout', '5m', 'default'],
      ['gateway.request-timeout', '1m', 'default'],
      ['gateway.keep-alive-timeout', '1m15s', 'default'],
      ['gateway.max-body-size', 1_073_741_824, 'default'],
      ['gateway.read-tasks', false, 'default'],
      ['gateway.tls-cert', '', 'default'],
      ['gateway.tls-key', '', 'default'],
      ['gateway.trusted-proxies', '', 'default'],
      ['metrics.endpoint', 'off', 'default'],
      ['audit.path', '', 'default'],
      ['cors.origins', '', 'default'],
      ['pages.enabled', 'auto', 'default'],
      ['pages.base-path', '/admin', 'default'],
      ['pages.origin', '', 'default'],
    ]);
    expect(describeConfig({ ...config, origins: {} })[0]?.origin).toBe('default');
  });
});
