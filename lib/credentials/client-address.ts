import { isIPv4, isIPv6 } from 'node:net';

/** The part of a socket that identifies a client. */
export interface PeerSocket {
  /** The client's IP address. */
  readonly remoteAddress?: string | undefined;
}

/** The header in which a proxy names its client. */
export interface ForwardedHeaders {
  /** The addresses that a request came through, the client's first. */
  readonly 'x-forwarded-for'?: string | readonly string[] | undefined;
}

/**
 * The parts of a request that tell the client's address; `node:http`'s and Express' requests fit.
 */
export interface AddressedRequest {
  /** The headers, by names in lower case. */
  readonly headers: ForwardedHeaders;
  /** The client's address as Express sees it (`trust proxy`). */
  readonly ip?: string | undefined;
  /** Tells the client's address if Express doesn't. */
  readonly socket?: PeerSocket | undefined;
}

/**
 * The key a client is throttled by: its IPv4 address, or its IPv6 /64, since one client can have
 * all addresses of a /64. Undefined if the address is unknown, as behind a Unix socket. Everything
 * that is not an IP address has the same key.
 */
export function throttleKey({ ip, socket }: Omit<AddressedRequest, 'headers'>): string | undefined {
  const address = ip ?? socket?.remoteAddress;
  return address === undefined ? undefined : (networkOf(withoutPort(address)) ?? 'unknown');
}

/** Removes a port: some proxies write `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
function withoutPort(address: string): string {
  const [, host] = /^\[([^\]]*)\](?::\d+)?$/.exec(address) ?? /^([\d.]+):\d+$/.exec(address) ?? [];
  return host ?? address;
}

function networkOf(address: string): string | undefined {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const groups = groupsOf(address.replace(/%.*$/, ''));
  const mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  return mapped ? dotted(groups.slice(6)) : `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser writes an address in one way only (RFC 5952).
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after];
}

function dotted(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 255])
    .join('.');
}

/** The lane in which a client waits. All clients of unknown address share one. */
export function laneOf(address: string | undefined): string {
  return address ?? '';
}
