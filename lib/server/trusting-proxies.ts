import type { IncomingMessage, RequestListener } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { forwardedHost } from '../index.js';

/** A request that may have come through proxies. */
export interface ReceivedRequest extends IncomingMessage {
  /** The client's address under Express' name for it; undefined if no proxy is trusted. */
  ip?: string | undefined;
  /** The host that the client asked for, if a trusted proxy told it. */
  toldHost?: string | undefined;
  /** The scheme by which the client asked, `http` or `https`, if a trusted proxy told it. */
  toldScheme?: string | undefined;
}

/** Returns the client's address as far as trusted proxies tell it, else that of the connection. */
export function clientAddress({ ip, socket }: ReceivedRequest): string | undefined {
  return ip ?? socket.remoteAddress;
}

/**
 * Gives a handler each client's address (`X-Forwarded-For`), and the host and the scheme that it
 * asked by (`X-Forwarded-Host`, `X-Forwarded-Proto`), as trusted proxies tell them. From any other
 * sender these fields don't count, and the address is that of the connection.
 *
 * @param proxies - addresses and networks, as in `gateway.trusted-proxies`; if empty, the handler
 * is returned unchanged
 */
export function trustingProxies(
  proxies: readonly string[],
  handler: RequestListener,
): RequestListener {
  if (proxies.length === 0) return handler;
  const trusted = listOf(proxies);
  return function seeThroughProxies(request: ReceivedRequest, response): void {
    request.ip = resolve(request, trusted);
    const { remoteAddress: proxy } = request.socket;
    if (proxy !== undefined && trusted.check(proxy, familyOf(proxy))) {
      request.toldHost = forwardedHost(request.headers);
      request.toldScheme = forwardedScheme(request);
    }
    handler(request, response);
  };
}

/** The scheme by which the client asked the first proxy. */
function forwardedScheme({ headers }: IncomingMessage): string | undefined {
  const [first = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
  const scheme = first.trim().toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}

function listOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Goes back from hop to hop, as long as the one that names the next is trusted. */
function resolve({ headers, socket }: IncomingMessage, trusted: BlockList): string | undefined {
  let address = socket.remoteAddress;
  const hops = String(headers['x-forwarded-for'] ?? '').split(',');
  while (address !== undefined && trusted.check(address, familyOf(address))) {
    const hop = withoutPort(hops.pop()?.trim() ?? '');
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** Some proxies write `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
function withoutPort(hop: string): string {
  const [, bracketed, plain] = /^(?:\[(.*)\]|([\d.]+))(?::\d+)?$/.exec(hop) ?? [];
  return bracketed ?? plain ?? hop;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
