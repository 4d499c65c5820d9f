import type { FileSpelling } from '../../lib/config/file-spelling.js';
import type { KapacitorAuthOptions } from '../../lib/config/kapacitor-auth-options.js';
import { optionRows } from '../../lib/config/option-rows.js';
import type { AuditConfig, AuditOptions } from '../../lib/config/sections/audit.js';
import type { AuthConfig, AuthOptions } from '../../lib/config/sections/auth.js';
import type { CorsConfig, CorsOptions } from '../../lib/config/sections/cors.js';
import type { GatewayConfig, GatewayOptions } from '../../lib/config/sections/gateway.js';
import type { HttpConfig, HttpOptions } from '../../lib/config/sections/http.js';
import type { MetricsConfig, MetricsOptions } from '../../lib/config/sections/metrics.js';
import type { PagesConfig, PagesOptions } from '../../lib/config/sections/pages.js';
import type { StoreConfig, StoreOptions } from '../../lib/config/sections/store.js';
import type { ThrottleConfig, ThrottleOptions } from '../../lib/config/sections/throttle.js';

/** True if two types have the same keys; a compile-time error where they haven't. */
type SameKeys<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : false;

describe('the types of the options', () => {
  it('have exactly the values of the configuration', () => {
    const http: SameKeys<HttpOptions, HttpConfig> = true;
    const auth: SameKeys<AuthOptions, AuthConfig> = true;
    const store: SameKeys<StoreOptions, StoreConfig> = true;
    const throttle: SameKeys<ThrottleOptions, ThrottleConfig> = true;
    const gateway: SameKeys<GatewayOptions, GatewayConfig> = true;
    const metrics: SameKeys<MetricsOptions, MetricsConfig> = true;
    const audit: SameKeys<AuditOptions, AuditConfig> = true;
    const cors: SameKeys<CorsOptions, CorsConfig> = true;
    const pages: SameKeys<PagesOptions, PagesConfig> = true;
    const all = [http, auth, store, throttle, gateway, metrics, audit, cors, pages];
    expect(all).toEqual(all.map(() => true));
  });

  it('spell the keys of files as files do', () => {
    const all: Required<FileSpelling<AuthOptions>> = {
      enabled: true,
      enforce: 'report',
      'cache-expiration': '10m',
      'bcrypt-cost': 10,
      'allow-slow-bcrypt': false,
      'meta-addr': '',
      'meta-username': '',
      'meta-password': '',
      'meta-internal-shared-secret': '',
      'meta-use-tls': false,
      'meta-ca': '',
      'meta-cert': '',
      'meta-key': '',
      'meta-insecure-skip-verify': false,
      'meta-default-permissions': '',
      'meta-verify-timeout': '10s',
      'stale-if-error': '0s',
    };
    const keys = optionRows.filter(({ section }) => section === 'auth').map(({ key }) => key);
    expect(Object.keys(all)).toEqual(keys);
  });

  it('let an error handler know the errors, and refuse what is not accepted', () => {
    const options: KapacitorAuthOptions = {
      http: { authEnabled: undefined, 'shared-secret': 'x' },
      store: { path: 'users.json' },
      onError: (error, _request, response) => {
        response.statusCode = error.status;
      },
    };
    // @ts-expect-error a number would not say its unit
    const unclear: KapacitorAuthOptions = { auth: { cacheExpiration: 600 } };
    expect(unclear).toBeDefined();
    expect(options.onError).toBeDefined();
  });
});
