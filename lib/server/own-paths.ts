/** The paths that the server answers itself, in small letters. */
export const PATHS = {
  /** Whether users can be authenticated, for load balancers. */
  health: '/health',
  /** The question of other proxies. */
  auth: '/auth',
  /** Counters, for Prometheus. */
  metrics: '/metrics',
  /** Kapacitor's own; behind a gateway the upstream answers it. */
  ping: '/kapacitor/v1/ping',
  /** The user of the request. */
  whoami: '/kapacitor/v1/whoami',
} as const;

/** Kapacitor's API for users, and whoami: under the preview of its API, too. */
const API_PATHS = ['users', 'whoami'].flatMap((name) => [
  `/kapacitor/v1/${name}`,
  `/kapacitor/v1preview/${name}`,
]);

/**
 * Which paths a gateway answers itself, with all that is below them, in any case of their letters,
 * as routers ignore it.
 *
 * @param hasMetrics - whether this server shows metrics; if not, `/metrics` is the upstream's
 */
export function gatewayPaths(hasMetrics: boolean): (target: string) => boolean {
  const paths = [PATHS.health, PATHS.auth, ...API_PATHS, ...(hasMetrics ? [PATHS.metrics] : [])];
  const pattern = new RegExp(`^(?:${paths.join('|')})(?:[/?]|$)`, 'i');
  return (target) => pattern.test(target);
}

/**
 * The path of a target as the server's table has it: without the query, in small letters, and
 * without a slash at its end, as Express' routers see it.
 */
export function pathOf(target: string): string {
  const path = target.slice(0, target.search(/[?#]|$/)).toLowerCase();
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
