import type { KapacitorAuthOptions } from '../../lib/config/kapacitor-auth-options.js';
import { load, loadUntyped, problemsOf, rememberingLogger } from './config-files.js';

function warningsOf(
  options: KapacitorAuthOptions,
  environment: NodeJS.ProcessEnv = {},
): readonly string[] {
  const logger = rememberingLogger();
  load({ logger, ...options }, environment);
  load({ logger, ...options }, environment);
  return logger.warnings;
}

describe('a configuration', () => {
  it.each<[string, KapacitorAuthOptions]>([
    ['of defaults', {}],
    ['with a secret of 32 bytes', { http: { sharedSecret: 'x'.repeat(32) } }],
    ['with a secret of 32 bytes in fewer letters', { http: { sharedSecret: '\u00fc'.repeat(16) } }],
    ['with a short time to remember', { auth: { cacheExpiration: '1ns' } }],
    ['that verifies certificates', { auth: { metaUseTls: true } }],
    ['without TLS', { auth: { metaInsecureSkipVerify: true } }],
    [
      'without authentication by files that would not count',
      { auth: { enabled: true, staleIfError: '0s' } },
    ],
  ])('%s goes without a warning', (_, options) => {
    expect(warningsOf(options)).toEqual([]);
  });

  it.each<[KapacitorAuthOptions, string]>([
    [
      { http: { authEnabled: false } },
      'WRN_KAUTH_AUTH_DISABLED: http.auth-enabled (code) is false: every request passes as administrator',
    ],
    [
      { auth: { enforce: 'report' } },
      'WRN_KAUTH_REPORT_ONLY: auth.enforce (code) is "report": requests pass that would be refused, and are only counted and told: to listeners, and in the audit log of a server',
    ],
    [
      { gateway: { upstream: 'http://127.0.0.1:9092', upstreamAuthenticates: true } },
      'WRN_KAUTH_NOT_REPORTING: gateway.upstream-authenticates (code) is true, which counts only if auth.enforce is "report"; that is "on", so requests are refused here, and the upstream gets no credentials of clients',
    ],
    [
      { http: { sharedSecret: 'x'.repeat(31) } },
      'WRN_KAUTH_SHORT_SECRET: http.shared-secret (code) is shorter than 32 bytes: whoever sees a token can try to guess it',
    ],
    [
      { auth: { cacheExpiration: '0s' } },
      'WRN_KAUTH_NO_CACHE: auth.cache-expiration (code) is 0s: nothing is remembered, every request verifies its password with bcrypt',
    ],
    [
      { auth: { metaUseTls: true, metaInsecureSkipVerify: true } },
      'WRN_KAUTH_META_TLS_UNVERIFIED: auth.meta-insecure-skip-verify (code) is true: whoever is between here and a meta node can pose as that node',
    ],
    [
      {
        store: {
          url: 'postgres://db/users',
          listenUrl: 'postgres://db/users?sslmode=require',
          insecureSkipVerify: true,
        },
      },
      'WRN_KAUTH_POSTGRES_TLS_UNVERIFIED: store.insecure-skip-verify (code) is true: whoever is between here and PostgreSQL can pose as the database',
    ],
  ])('%j is warned about once', (options, warning) => {
    expect(warningsOf(options)).toEqual([warning]);
  });

  it('is warned about with the place to change', () => {
    expect(warningsOf({}, { KAPACITOR_HTTP_AUTH_ENABLED: '0' })).toEqual([
      expect.stringContaining('http.auth-enabled (KAPACITOR_HTTP_AUTH_ENABLED) is false'),
    ]);
  });

  it('without authentication is not warned about what authentication would cost', () => {
    const options = { http: { authEnabled: false }, auth: { cacheExpiration: '0s' } };
    expect(warningsOf(options)).toHaveLength(1);
  });

  it('that is refused is not warned about', () => {
    const logger = rememberingLogger();
    problemsOf({ logger, http: { authEnabled: false }, auth: { bcryptCost: 1 } });
    expect(logger.warnings).toEqual([]);
  });

  it('without a logger becomes a warning of the process', () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
    loadUntyped({ http: { authEnabled: false } });
    expect(emitWarning).toHaveBeenCalledWith(
      'http.auth-enabled (code) is false: every request passes as administrator',
      expect.objectContaining({ code: 'WRN_KAUTH_AUTH_DISABLED' }),
    );
    emitWarning.mockRestore();
  });
});
