/** At most so many layers of encoding are undone: a redirect within a redirect within another. */
const DEPTH = 4;

/** A text that has one reading only. */
const PLAIN = /^[ -$'-[\]-~]*$/;

/** All but visible ASCII and spaces: such a character hides a name, and readers may drop it. */
const INVISIBLE = /[^ -~]/g;

const BYTES = /(?:%[\da-f]{2})+/gi;

/** A character of ASCII in two bytes, which UTF-8 forbids, and which some decoders read. */
const OVERLONG = /%c([01])%([89ab][\da-f])/gi;

/** A character by its number, in JSON, in scripts and in HTML. */
const NUMBERED = /[%\\]u([\da-f]{4})|\\x([\da-f]{2})|&#x([\da-f]{1,5});?|&#(\d{1,6});?/gi;

/**
 * Returns the ways in which servers may read a text: as it is, without its invisible characters,
 * and both with one to four layers of encoding undone. Look-alikes count as their plain letter, as
 * Unicode's form NFKC has it.
 *
 * @returns undefined if it is encoded more often: such a text hides something
 */
export function readings(text: string): readonly string[] | undefined {
  if (PLAIN.test(text)) return [text];
  const found: string[] = [];
  let layer = text.normalize('NFKC');
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    found.push(layer);
    const visible = layer.replace(INVISIBLE, '');
    if (visible !== layer) found.push(visible);
    const next = decoded(layer).normalize('NFKC');
    if (next === layer) return found;
    layer = next;
  }
  return undefined;
}

/** Bytes that are not UTF-8 don't hide the text beside them. */
function decoded(text: string): string {
  return text
    .replace(OVERLONG, (_, high: string, low: string) =>
      String.fromCharCode(Number(high) * 64 + (Number.parseInt(low, 16) % 64)),
    )
    .replace(BYTES, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
    .replace(NUMBERED, (_, short?: string, byte?: string, hex?: string, decimal?: string) =>
      String.fromCodePoint(
        decimal === undefined
          ? Number.parseInt(short ?? byte ?? hex ?? '', 16)
          : Number.parseInt(decimal, 10),
      ),
    );
}
