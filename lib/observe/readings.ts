/** At most so many layers of encoding are undone: a redirect within a redirect within another. */
const DEPTH = 4;

/** At most so many readings: who writes what can be read in more ways hides something. */
const MOST = 16;

/** Characters of all readings together: a long text may have fewer readings than a short one. */
const mostCharacters = (text: string): number => 4 * text.length + 4_096;

/** A text that has one reading only. */
const PLAIN = /^[ -$'-[\]-~]*$/;

const ASCII = /^[ -~]*$/;

/** All but visible ASCII and spaces: such a character hides a name, and readers may drop it. */
const INVISIBLE = /[^ -~]+/g;

/** A byte that the client did not encode, as `node:http` gives it. */
const RAW_BYTE = /[\x80-\xff]/g;

const ENCODED_BYTE = /%([\da-f]{2})/gi;

/** A character of ASCII in two to six bytes, which UTF-8 forbids, and which some decoders read. */
const OVERLONG = /(?:%c([01])|%(?:e0|f0%80|f8%80%80|fc%80%80%80)%8([01]))%([89ab][\da-f])/gi;

/** The beginning of such a character. */
const LEADING = /%(?:c[01]|e0|f[08c])/i;

/** A character by its number, in JSON, in scripts and in HTML. */
const NUMBERED = /[%\\]u([\da-f]{4})|\\x([\da-f]{2})|&#x([\da-f]{1,5});?|&#(\d{1,6});?/gi;

const MAY_BE_NUMBERED = /[\\&]|%u/i;

/**
 * Returns the ways in which servers may read a text: as it is, without its invisible characters,
 * and with one to four layers of encoding undone, each by a decoder that is strict, that reads
 * overlong forms of UTF-8, or that drops what is not ASCII. Look-alikes count as their plain
 * letter, and letters with accents as those without, as Unicode's form NFKD has it.
 *
 * @returns undefined if it is encoded more often, or in more ways: such a text hides something
 */
export function readings(text: string): readonly string[] | undefined {
  if (PLAIN.test(text)) return [text];
  const found: string[] = [];
  let rest = mostCharacters(text);
  let layer: readonly string[] = ASCII.test(text)
    ? [text]
    : [text, text.replace(RAW_BYTE, encodedByte)];
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const next: string[] = [];
    for (const outer of layer) {
      for (const reading of ASCII.test(outer) ? [outer] : sights(outer)) {
        if (found.includes(reading)) continue;
        rest -= reading.length;
        if (found.length === MOST || rest < 0) return undefined;
        found.push(reading);
        if (!PLAIN.test(reading)) addDecoded(reading, next);
      }
    }
    if (next.length === 0) return found;
    layer = next;
  }
  return undefined;
}

/** The text normalized, that without its invisible characters, and the text without them. */
function sights(text: string): readonly string[] {
  const normal = text.normalize('NFKD');
  return [normal, normal.replace(INVISIBLE, ''), text.replace(INVISIBLE, '')];
}

/** Adds what is left without a layer of encoding, if there is one. */
function addDecoded(text: string, found: string[]): void {
  const strict = withoutLayer(text);
  if (strict !== text) found.push(strict);
  if (!LEADING.test(text)) return;
  const lenient = text.replace(OVERLONG, (_, two?: string, more?: string, low?: string) =>
    String.fromCharCode(Number(two ?? more) * 64 + (Number.parseInt(low ?? '', 16) % 64)),
  );
  if (lenient !== text) found.push(withoutLayer(lenient));
}

function withoutLayer(text: string): string {
  const bare = text.includes('%') ? withoutBytes(text) : text;
  return MAY_BE_NUMBERED.test(bare) ? bare.replace(NUMBERED, numberedCharacter) : bare;
}

/** Bytes that are not UTF-8 don't hide the text beside them. */
function withoutBytes(text: string): string {
  // All bytes at once, each as a character: to decode them run by run takes many times as long.
  const bytes = ASCII.test(text) ? text : Buffer.from(text).toString('latin1');
  const decoded = bytes.replace(ENCODED_BYTE, decodedByte);
  return ASCII.test(decoded) ? decoded : Buffer.from(decoded, 'latin1').toString();
}

function decodedByte(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function numberedCharacter(
  _: string,
  short?: string,
  byte?: string,
  hex?: string,
  decimal?: string,
): string {
  const code = short ?? byte ?? hex;
  return String.fromCodePoint(
    code === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(code, 16),
  );
}

function encodedByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16)}`;
}
