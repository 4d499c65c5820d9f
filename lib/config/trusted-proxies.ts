import { isIP } from 'node:net';

/** The longest prefix of a network, by the version of its addresses. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * Reads the proxies of `gateway.trusted-proxies`: IP addresses and networks (`10.0.0.0/8`), separated by commas; none where the
 * text is empty.
 *
 * @returns undefined where any of them is neither
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
