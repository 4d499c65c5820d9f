/** Limit of remembered names: clients and upstreams can make up any. */
const REMEMBERED = 200;

/**
 * Returns a judge of fields that remembers what it found about the first names that it was asked
 * for: the same few come with every request.
 *
 * @param judge - must find the same about a name each time
 */
export function rememberingNames(judge: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const judged = judge(name);
    if (known.size < REMEMBERED) known.set(name, judged);
    return judged;
  };
}
