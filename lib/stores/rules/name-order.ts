/**
 * Compares two names by their UTF-8 bytes, which is the order of their code points; for `sort`.
 *
 * The `<` of JavaScript compares UTF-16 code units, and puts U+1F600 before U+FFFD.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Ranks surrogates (U+D800 to U+DFFF) above all other units: they stand for the highest code
 * points.
 */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
