import type { UserSource } from '../stores/user-store.js';
import type { FileSpelling } from './file-spelling.js';
import type { SectionRows } from './option.js';
import type { AuditConfig, AuditOptions } from './sections/audit.js';
import { auditRows } from './sections/audit.js';
import type { AuthConfig, AuthOptions } from './sections/auth.js';
import { authRows } from './sections/auth.js';
import type { CorsConfig, CorsOptions } from './sections/cors.js';
import { corsRows } from './sections/cors.js';
import type { GatewayConfig, GatewayOptions } from './sections/gateway.js';
import { gatewayRows } from './sections/gateway.js';
import type { HttpConfig, HttpOptions } from './sections/http.js';
import { httpRows } from './sections/http.js';
import type { MetricsConfig, MetricsOptions } from './sections/metrics.js';
import { metricsRows } from './sections/metrics.js';
import type { PagesConfig, PagesOptions } from './sections/pages.js';
import { pagesRows } from './sections/pages.js';
import type { StoreConfig, StoreOptions } from './sections/store.js';
import { storeRows } from './sections/store.js';
import type { ThrottleConfig, ThrottleOptions } from './sections/throttle.js';
import { throttleRows } from './sections/throttle.js';

/** The sections of kapacitor.conf that are read, with their values. */
export interface ConfigSections {
  /** `[http]`. */
  readonly http: HttpConfig;
  /** `[auth]`. */
  readonly auth: AuthConfig;
  /** `[throttle]`. */
  readonly throttle: ThrottleConfig;
  /** `[store]`. */
  readonly store: StoreConfig;
  /** `[gateway]`. */
  readonly gateway: GatewayConfig;
  /** `[metrics]`. */
  readonly metrics: MetricsConfig;
  /** `[audit]`. */
  readonly audit: AuditConfig;
  /** `[cors]`. */
  readonly cors: CorsConfig;
  /** `[pages]`. */
  readonly pages: PagesConfig;
}

/** The sections as code gives them. */
export interface CodeSections {
  /** `[http]`, by either spelling. */
  readonly http?: (HttpOptions & FileSpelling<HttpOptions>) | undefined;
  /** `[auth]`, by either spelling. */
  readonly auth?: (AuthOptions & FileSpelling<AuthOptions>) | undefined;
  /** `[throttle]`, by either spelling. */
  readonly throttle?: (ThrottleOptions & FileSpelling<ThrottleOptions>) | undefined;
  /** The place of local users, or a store of your own. */
  readonly store?: (StoreOptions & FileSpelling<StoreOptions>) | UserSource | undefined;
  /** `[gateway]`, by either spelling; `kapacitor-auth serve` reads it, the middleware does not. */
  readonly gateway?: (GatewayOptions & FileSpelling<GatewayOptions>) | undefined;
  /** `[metrics]`; `kapacitor-auth serve` reads it, the middleware has `auth.metrics`. */
  readonly metrics?: (MetricsOptions & FileSpelling<MetricsOptions>) | undefined;
  /** `[audit]`; `kapacitor-auth serve` reads it, the middleware has `auth.on`. */
  readonly audit?: (AuditOptions & FileSpelling<AuditOptions>) | undefined;
  /** `[cors]`; `kapacitor-auth serve` reads it, an app has `cors()`. */
  readonly cors?: (CorsOptions & FileSpelling<CorsOptions>) | undefined;
  /** `[pages]`; `kapacitor-auth serve` reads it, an app has `adminPages(auth)`. */
  readonly pages?: (PagesOptions & FileSpelling<PagesOptions>) | undefined;
}

/** The name of a section. */
export type Section = keyof ConfigSections;

/**
 * All options of kapacitor.conf that are read, by section and by their names in code. Everything
 * else follows from this table: keys, environment variables, accepted values, documentation.
 * Messages keep its order. A new section is a file in sections/, a line in each of the three lists
 * of this file, and its types in the public surface.
 */
export const options: { readonly [S in Section]: SectionRows<ConfigSections[S]> } = {
  http: httpRows,
  auth: authRows,
  throttle: throttleRows,
  store: storeRows,
  gateway: gatewayRows,
  metrics: metricsRows,
  audit: auditRows,
  cors: corsRows,
  pages: pagesRows,
};
