const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):[1-9]\d*$/i;

/**
 * Reads the meta nodes of `auth.meta-addr`: `host:port`, several separated by commas, IPv6 in brackets; none where the
 * text is empty.
 *
 * @returns undefined where any of them is not an address
 */
export function parseMetaAddresses(text: string): readonly string[] | undefined {
  const addresses = text === '' ? [] : text.split(',').map((address) => address.trim());
  return addresses.every(isAddress) ? Object.freeze(addresses) : undefined;
}

function isAddress(address: string): boolean {
  // The URL parser knows which ports and IP addresses exist.
  return ADDRESS.test(address) && URL.canParse(`http://${address}`);
}
