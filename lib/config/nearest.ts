/**
 * Finds the candidate that the fewest edits lead to; the first of several.
 *
 * @param most - more edits than these lead to something else; a third of the letters if left out,
 * and at least one
 * @returns undefined if nothing is near
 */
export function nearest<T extends string>(
  word: string,
  candidates: readonly T[],
  most?: number,
): T | undefined {
  const [closest] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((one, other) => one.edits - other.edits);
  if (closest === undefined) return undefined;
  const letters = Math.max(word.length, closest.candidate.length);
  const bound = most ?? Math.max(1, Math.floor(letters / 3));
  return closest.edits <= bound ? closest.candidate : undefined;
}

/** Counts the characters to insert, delete or replace (Levenshtein's distance), row by row. */
function editDistance(from: string, to: string): number {
  let distance = to.length;
  let row = Array.from(to, (_, column) => column + 1);
  for (const [index, character] of Array.from(from).entries()) {
    let diagonal = index;
    distance = index + 1;
    row = row.map((above, column) => {
      const replaced = diagonal + (to[column] === character ? 0 : 1);
      diagonal = above;
      distance = Math.min(above + 1, distance + 1, replaced);
      return distance;
    });
  }
  return distance;
}
