/** Base64 of RFC 4648, section 4: the standard alphabet, padded. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What Basic credentials say, before anybody believes it. */
export interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

/**
 * Reads what follows `Basic` in an Authorization header (RFC 7617, section 2): UTF-8 in base64, split at the first
 * colon, so that passwords may hold colons; control characters are refused.
 *
 * @returns undefined when it is malformed
 */
export function parseBasic(value: string): NameAndPassword | undefined {
  if (!BASE64.test(value)) return undefined;
  const text = decodeUtf8(Buffer.from(value, 'base64'));
  if (text === undefined || hasControlCharacters(text)) return undefined;
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Whether a text holds characters that RFC 7617 bars from names and passwords. */
export function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
