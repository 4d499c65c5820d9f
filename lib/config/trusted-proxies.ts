import { isIP } from 'node:net';
import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/** The longest prefix of a network, by the version of its addresses. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** Addresses and networks of proxies. */
export const trustedProxies: ValueType<readonly string[]> = textual(
  'IP address, ...',
  'IP addresses or networks such as 10.0.0.0/8, several separated by commas',
  parseTrustedProxies,
  (proxies) => proxies.join(','),
);

/**
 * Reads the proxies of `gateway.trusted-proxies`: IP addresses and networks (`10.0.0.0/8`),
 * separated by commas. An empty text is an empty list.
 *
 * @returns undefined if any of them is neither
 */
export function parseTrustedProxies(text: string): readonly string[] | undefined {
  const proxies = text === '' ? [] : text.split(',').map((proxy) => proxy.trim());
  return proxies.every(isNetwork) ? Object.freeze(proxies) : undefined;
}

function isNetwork(proxy: string): boolean {
  const [address = '', prefix, ...rest] = proxy.split('/');
  const bits = BITS[isIP(address)];
  if (bits === undefined || address.includes('%') || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
