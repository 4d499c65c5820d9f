import type { IncomingMessage, RequestListener } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { forwardedHost } from '../index.js';

/** A request of a client that may have come through proxies. */
export interface ReceivedRequest extends IncomingMessage {
  /** The client's address where a trusted proxy told it, as Express has it. */
  ip?: string | undefined;
  /** The host that the client asked, where a trusted proxy told it. */
  toldHost?: string | undefined;
}

/** The address that a request came from, as far as anybody trusted knows. */
export function addressOfClient({ ip, socket }: ReceivedRequest): string | undefined {
  return ip ?? socket.remoteAddress;
}

/**
 * Lets a handler see each client's address as the trusted proxies tell it (`X-Forwarded-For`), and the host that it asked
 * (`X-Forwarded-Host`), and the connection's where a
 * client that is none of them tells something.
 *
 * @param proxies - addresses and networks, as in `gateway.trusted-proxies`
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
    }
    handler(request, response);
  };
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

/** Goes back from hop to hop, as long as who names the next one is trusted. */
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
