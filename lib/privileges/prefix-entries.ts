/** An entry of a table, by its resource. */
interface Placed {
  readonly resource: string;
}

interface Prefix<Entry> {
  /** The beginning of a name. */
  readonly text: string;
  readonly entry: Entry;
}

/** The entries of a table whose resources end with `*`: each is for all names that begin so. */
export class PrefixEntries<Entry extends Placed> {
  /** By the resource above; the longest prefix first. */
  readonly #prefixes: ReadonlyMap<string, readonly Prefix<Entry>[]>;

  private constructor(prefixes: ReadonlyMap<string, readonly Prefix<Entry>[]>) {
    this.#prefixes = prefixes;
  }

  /** Undefined if no entry is for a prefix. */
  static among<Entry extends Placed>(entries: Iterable<Entry>): PrefixEntries<Entry> | undefined {
    const byParent = new Map<string, Prefix<Entry>[]>();
    for (const entry of entries) {
      if (!entry.resource.endsWith('*')) continue;
      const [parent, name] = split(entry.resource);
      const prefixes = byParent.get(parent) ?? [];
      prefixes.push({ text: name.slice(0, -1), entry });
      byParent.set(parent, prefixes);
    }
    if (byParent.size === 0) return undefined;
    for (const prefixes of byParent.values()) {
      prefixes.sort((a, b) => b.text.length - a.text.length);
    }
    return new PrefixEntries(byParent);
  }

  /** The entry of the longest prefix of a resource's name; undefined if there is none. */
  of(resource: string): Entry | undefined {
    const [parent, name] = split(resource);
    return this.#prefixes.get(parent)?.find(({ text }) => name.startsWith(text))?.entry;
  }
}

function split(resource: string): readonly [parent: string, name: string] {
  const slash = resource.lastIndexOf('/');
  return [resource.slice(0, slash), resource.slice(slash + 1)];
}
