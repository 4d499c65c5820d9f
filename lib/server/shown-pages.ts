import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Config } from '../index.js';

/** The pages to manage users that a server shows. */
export interface ShownPages {
  /** The path below which they are, such as `/admin`. */
  readonly basePath: string;
  /** The origin by which browsers reach them; undefined to take it from the request. */
  readonly origin: string | undefined;
  /** True if browsers on other machines reach them without TLS, as far as this server knows. */
  readonly isInClear: boolean;
}

/** The place of pages, for an operator. */
export interface PagesPlace {
  readonly url: string;
  /** The reason why nobody can log in from elsewhere, and what to do; undefined if all is well. */
  readonly problem: string | undefined;
}

/**
 * Returns the pages that a server shows; undefined for none. Unless somebody chose, it shows them
 * if nobody else can read along: on loopback or over TLS. Before an upstream it never does by
 * itself, as their path may be the upstream's.
 *
 * @param host - the address to listen on
 */
export function shownPages({ pages, gateway }: Config, host: string): ShownPages | undefined {
  const { enabled, basePath, origin } = pages;
  const isPrivate = isLoopback(host) || gateway.tlsCert !== '';
  const isShown = enabled === 'auto' ? isPrivate && gateway.upstream === '' : enabled;
  if (!isShown) return undefined;
  const isInClear =
    origin === '' ? !isPrivate && gateway.trustedProxies.length === 0 : !isSafe(origin);
  return { basePath, origin: origin || undefined, isInClear };
}

/**
 * Returns the note for an operator whose server shows no pages, though nobody switched them off;
 * else undefined.
 */
export function unshownPages({ pages }: Pick<Config, 'pages'>): string | undefined {
  return pages.enabled === 'auto' ? 'off (KAPACITOR_PAGES_ENABLED=true shows them)' : undefined;
}

const IN_CLEAR =
  'the pages to manage users take no login from other machines, since nothing encrypts it: set gateway.tls-cert and gateway.tls-key; or put a proxy with TLS before this server and name it in gateway.trusted-proxies, or its https:// origin in pages.origin';

/** Returns the place of pages. @param url - of the server */
export function placeOfPages({ basePath, origin, isInClear }: ShownPages, url: string): PagesPlace {
  return { url: `${origin ?? url}${basePath}/`, problem: isInClear ? IN_CLEAR : undefined };
}

/**
 * Returns a test for targets of pages: their path, and all that is below it, in any case of its
 * letters, as routers ignore it.
 */
export function isBelowPages({ basePath }: ShownPages): (target: string) => boolean {
  const pattern = new RegExp(`^${basePath}(?:[/?]|$)`, 'i');
  return (target) => pattern.test(target);
}

/** True for an origin to which a browser sends nothing that others could read. */
function isSafe(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}
