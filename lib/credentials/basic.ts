/** Base64 of RFC 4648, section 4: the standard alphabet, padded. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A name and a password as sent; nothing is verified yet. */
export interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

/**
 * Reads what follows `Basic` in an Authorization header (RFC 7617, section 2): UTF-8 in base64. The
 * first colon splits it, so a password may hold colons. Control characters are refused.
 *
 * @returns undefined if it is malformed
 */
export function parseBasic(value: string): NameAndPassword | undefined {
  if (!BASE64.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  const colon = bytes.indexOf(':');
  if (colon === -1) return undefined;
  // Decodes each part alone. A name cut from one common text would keep that text in memory,
  // password included, for as long as the name is kept.
  const name = decodeUtf8(bytes.subarray(0, colon));
  const password = decodeUtf8(bytes.subarray(colon + 1));
  return name === undefined || password === undefined ? undefined : { name, password };
}

/** Returns true if a text holds characters that RFC 7617 bars from names and passwords. */
export function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return hasControlCharacters(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
