/**
 * Compares two names by their UTF-8 bytes, which is the order of their code points; for `sort`.
 *
 * JavaScript's own `<` compares UTF-16 code units, where U+1F600 comes before U+FFFD.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates (U+D800 to U+DFFF) stand for code points above all that fit into one unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
