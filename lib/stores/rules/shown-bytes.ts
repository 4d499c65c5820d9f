/** Characters shown as they are: no blanks, nothing that a terminal obeys, no backslash. */
const SEEN = /^(?:[\p{L}\p{M}\p{N}\p{S}]|(?!\\)\p{P})+$/u;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Writes bytes for people, who may type them again. Invisible bytes and backslashes are written as
 * `\xff`, byte by byte.
 */
export function shownBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined && SEEN.test(whole)) return whole;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    const isSeen = character !== undefined && SEEN.test(character);
    text += isSeen ? character : escaped(bytes[at]);
    at += isSeen ? Buffer.byteLength(character) : 1;
  }
  return text;
}

/** The bytes that {@link shownBytes} wrote so. */
export function bytesShown(text: string): Uint8Array {
  const parts = text.split(/\\x([0-9a-f]{2})/u);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))),
  );
}

/** The character that begins at a byte; undefined if none does. */
function characterAt(bytes: Uint8Array, at: number): string | undefined {
  for (const length of [1, 2, 3, 4]) {
    const character = decoded(bytes.subarray(at, at + length));
    if (character !== undefined) return character;
  }
  return undefined;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function escaped(byte = 0): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
