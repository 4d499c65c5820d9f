import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { optionRows, sections } from '../../lib/config/option-rows.js';
import { OPTION_SAMPLES } from './option-samples.js';

describe('the options', () => {
  it('are those of the contract, by section and key', () => {
    expect(sections).toEqual([
      'http',
      'auth',
      'throttle',
      'store',
      'gateway',
      'metrics',
      'audit',
      'cors',
      'pages',
    ]);
    expect(optionRows.map(({ id }) => id)).toEqual([
      'http.auth-enabled',
      'http.shared-secret',
      'auth.enabled',
      'auth.enforce',
      'auth.cache-expiration',
      'auth.bcrypt-cost',
      'auth.allow-slow-bcrypt',
      'auth.meta-addr',
      'auth.meta-username',
      'auth.meta-password',
      'auth.meta-internal-shared-secret',
      'auth.meta-use-tls',
      'auth.meta-ca',
      'auth.meta-cert',
      'auth.meta-key',
      'auth.meta-insecure-skip-verify',
      'auth.meta-default-permissions',
      'auth.meta-verify-timeout',
      'auth.stale-if-error',
      'throttle.enabled',
      'throttle.failures-per-user',
      'throttle.failures-per-address',
      'throttle.window',
      'throttle.store',
      'store.type',
      'store.path',
      'store.url',
      'store.schema',
      'store.listen-url',
      'store.use-tls',
      'store.ca',
      'store.cert',
      'store.key',
      'store.insecure-skip-verify',
      'gateway.upstream',
      'gateway.upstream-username',
      'gateway.upstream-password',
      'gateway.upstream-shared-secret',
      'gateway.upstream-authenticates',
      'gateway.upstream-ca',
      'gateway.upstream-cert',
      'gateway.upstream-key',
      'gateway.timeout',
      'gateway.write-timeout',
      'gateway.request-timeout',
      'gateway.keep-alive-timeout',
      'gateway.max-body-size',
      'gateway.read-tasks',
      'gateway.tls-cert',
      'gateway.tls-key',
      'gateway.trusted-proxies',
      'metrics.endpoint',
      'audit.path',
      'cors.origins',
      'pages.enabled',
      'pages.base-path',
      'pages.origin',
    ]);
  });

  it.each([
    ['http.auth-enabled', 'authEnabled', 'KAPACITOR_HTTP_AUTH_ENABLED'],
    ['http.shared-secret', 'sharedSecret', 'KAPACITOR_HTTP_SHARED_SECRET'],
    ['auth.enabled', 'enabled', 'KAPACITOR_AUTH_ENABLED'],
    ['auth.cache-expiration', 'cacheExpiration', 'KAPACITOR_AUTH_CACHE_EXPIRATION'],
    ['auth.bcrypt-cost', 'bcryptCost', 'KAPACITOR_AUTH_BCRYPT_COST'],
    [
      'auth.meta-internal-shared-secret',
      'metaInternalSharedSecret',
      'KAPACITOR_AUTH_META_INTERNAL_SHARED_SECRET',
    ],
    [
      'auth.meta-insecure-skip-verify',
      'metaInsecureSkipVerify',
      'KAPACITOR_AUTH_META_INSECURE_SKIP_VERIFY',
    ],
    ['auth.stale-if-error', 'staleIfError', 'KAPACITOR_AUTH_STALE_IF_ERROR'],
    ['throttle.failures-per-user', 'failuresPerUser', 'KAPACITOR_THROTTLE_FAILURES_PER_USER'],
    ['store.type', 'type', 'KAPACITOR_STORE_TYPE'],
  ])('call %s %s in code and %s in the environment', (id, name, variable) => {
    expect(optionRows.find((row) => row.id === id)).toMatchObject({ name, variable });
  });

  it('hide exactly the secrets', () => {
    const secrets = optionRows.filter(({ option }) => option.secret).map(({ id }) => id);
    expect(secrets).toEqual([
      'http.shared-secret',
      'auth.meta-password',
      'auth.meta-internal-shared-secret',
      'store.url',
      'store.listen-url',
      'gateway.upstream-password',
      'gateway.upstream-shared-secret',
    ]);
  });

  it('include every key of [auth] that Kapacitor has', () => {
    const { auth } = parse(readFileSync('fixtures/reference/kapacitord-config.toml', 'utf8'));
    const ours = optionRows.filter(({ section }) => section === 'auth').map(({ key }) => key);
    expect(ours).toEqual(expect.arrayContaining(Object.keys(auth ?? {})));
  });

  it('have a sample each in these specs', () => {
    expect(OPTION_SAMPLES.map(({ id }) => id)).toEqual(optionRows.map(({ id }) => id));
  });
});
