/** Paths that the server answers itself, in lower case. */
export const PATHS = {
  /** Tells load balancers whether users can be authenticated. */
  health: '/health',
  /** Judges requests for other proxies. */
  auth: '/auth',
  /** Metrics, for Prometheus. */
  metrics: '/metrics',
  /** Kapacitor's own path. In a gateway the upstream answers it. */
  ping: '/kapacitor/v1/ping',
  /** Shows the user of the request. */
  whoami: '/kapacitor/v1/whoami',
  /** The same, under the preview of Kapacitor's API. */
  whoamiPreview: '/kapacitor/v1preview/whoami',
} as const;

/** Methods of requests that the server answers itself and that change nothing. */
export const READING: readonly string[] = ['GET', 'HEAD'];

/** Kapacitor's API for users; also under the preview of its API. */
const USERS_PATHS: readonly string[] = ['/kapacitor/v1/users', '/kapacitor/v1preview/users'];

/**
 * Returns a test for paths that a gateway answers itself. It accepts all that is below them, and
 * any case of their letters, as routers ignore it.
 *
 * @param hasMetrics - true if this server shows metrics; if not, `/metrics` is the upstream's
 * @param pages - the path of the pages that this server shows, if any
 */
export function gatewayPaths(hasMetrics: boolean, pages?: string): (target: string) => boolean {
  const { health, auth, whoami, whoamiPreview, metrics } = PATHS;
  const always = [health, auth, ...USERS_PATHS, whoami, whoamiPreview];
  const paths = [...always, ...(hasMetrics ? [metrics] : []), ...(pages ? [pages] : [])];
  const pattern = new RegExp(`^(?:${paths.join('|')})(?:[/?]|$)`, 'i');
  return (target) => pattern.test(target);
}

/**
 * Returns the path of a target in the form of the server's table: without the query, in lower case,
 * and without a slash at its end, as Express' routers see it.
 */
export function pathOf(target: string): string {
  const path = target.slice(0, target.search(/\?|$/)).toLowerCase();
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
