import { isIPv4, isIPv6 } from 'node:net';

/** The part of a socket that a client is known by. */
export interface PeerSocket {
  /** The client's IP address. */
  readonly remoteAddress?: string | undefined;
}

/** The header in which a proxy tells for whom it asks. */
export interface ForwardedHeaders {
  /** The addresses that a request came through, its client's first. */
  readonly 'x-forwarded-for'?: string | readonly string[] | undefined;
}

/** What tells a client's address; `node:http`'s and Express' requests fit. */
export interface AddressedRequest {
  /** The headers, by names in small letters. */
  readonly headers: ForwardedHeaders;
  /** The client's address as Express sees it (`trust proxy`). */
  readonly ip?: string | undefined;
  /** Where the client's address is read where Express doesn't tell it. */
  readonly socket?: PeerSocket | undefined;
}

/**
 * Whom a client counts as: its IPv4 address, or the network of its IPv6 address (/64: one client can have all of its
 * addresses). Undefined where nobody knows it, as behind a Unix socket; what is no address at all counts as one client.
 */
export function clientAddress({
  ip,
  socket,
}: Omit<AddressedRequest, 'headers'>): string | undefined {
  const address = ip ?? socket?.remoteAddress;
  return address === undefined ? undefined : (networkOf(withoutPort(address)) ?? 'unknown');
}

/** Some proxies write `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
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
  // The URL parser writes the address in one way (RFC 5952).
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

/** The lane in which a client waits; clients of no known address wait together. */
export function laneOf(address: string | undefined): string {
  return address ?? '';
}
