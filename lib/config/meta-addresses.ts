import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):[1-9]\d*$/i;

/** Addresses of meta nodes. */
export const metaAddresses: ValueType<readonly string[]> = textual(
  'host:port, ...',
  'host:port without a scheme, port 1 to 65535, several separated by commas, IPv6 in brackets',
  parseMetaAddresses,
  (addresses) => addresses.join(','),
);

/**
 * Reads the meta nodes of `auth.meta-addr`: `host:port`, several separated by commas, IPv6 in
 * brackets. An empty text is an empty list.
 *
 * @returns undefined if any of them is not an address
 */
export function parseMetaAddresses(text: string): readonly string[] | undefined {
  const addresses = text === '' ? [] : text.split(',').map((address) => address.trim());
  return addresses.every(isAddress) ? Object.freeze(addresses) : undefined;
}

function isAddress(address: string): boolean {
  // The URL parser knows which ports and IP addresses exist.
  return ADDRESS.test(address) && URL.canParse(`http://${address}`);
}
