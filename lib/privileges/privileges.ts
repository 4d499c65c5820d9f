import { PrefixEntries } from './prefix-entries.js';
import type { Privilege, PrivilegeSet } from './privilege.js';
import { includesPrivilege, privilegeNames, privilegeSet } from './privilege.js';
import { API_RESOURCE, cleanResource } from './resource.js';

/** The privileges per resource: `{ '/api': ['all'], '/api/config': ['none'] }`. */
export type Privileges = Readonly<Record<string, readonly Privilege[]>>;

/** The privilege that a request needs on a resource. */
export interface Action {
  readonly privilege: Privilege;
  /** An absolute path; the look-up cleans it. */
  readonly resource: string;
}

/**
 * The privileges of a user on a resource. They apply to everything below it that has no entry
 * itself.
 */
export interface PrivilegeEntry {
  /** The resource, such as `/api/config`. */
  readonly resource: string;
  /** The privileges there; `['none']` takes away what a resource above it grants. */
  readonly privileges: readonly Privilege[];
}

interface Entry {
  readonly resource: string;
  readonly set: PrivilegeSet;
}

/** Options of a table. */
export interface PrivilegeTableOptions {
  /** True if a `*` at the end of a resource stands for all whose names begin so. */
  readonly prefixes?: boolean;
}

/**
 * Privileges prepared for look-ups. The entry of the most specific resource decides; `none` there
 * takes away what a resource above it grants (Kapacitor's `AuthorizeAction`). If a resource has
 * several spellings, or an endpoint is written in different cases, only privileges count that all
 * of them grant. The entry of a resource itself comes before that of the longest prefix of its
 * name, and this before that of the resource above.
 */
export class PrivilegeTable {
  readonly #entries: ReadonlyMap<string, Entry>;
  /** Undefined for nearly all users. */
  readonly #prefixes: PrefixEntries<Entry> | undefined;

  constructor(privileges: Privileges, { prefixes = false }: PrivilegeTableOptions = {}) {
    const entries = new Map<string, Entry>();
    const spelt = new Map<string, PrivilegeSet>();
    for (const [written, names] of Object.entries(privileges)) {
      const resource = cleanResource(written);
      const key = caselessKey(resource);
      const set = (spelt.get(key) ?? privilegeSet(names)) & privilegeSet(names);
      spelt.set(key, set);
      entries.set(resource, { resource, set });
    }
    for (const [resource, entry] of entries) {
      const set = spelt.get(caselessKey(resource)) ?? entry.set;
      if (set !== entry.set) entries.set(resource, { resource, set });
    }
    this.#entries = entries;
    if (prefixes) this.#prefixes = PrefixEntries.among(entries.values());
  }

  /** Returns true if the action is allowed. @throws MisuseError if the resource is not absolute */
  allows({ privilege, resource }: Action): boolean {
    return includesPrivilege(this.#lookUp(cleanResource(resource))?.set ?? 0, privilege);
  }

  /** The entry that decides about a resource; undefined if there is none. @throws MisuseError */
  entryOf(resource: string): PrivilegeEntry | undefined {
    const entry = this.#lookUp(cleanResource(resource));
    return entry && { resource: entry.resource, privileges: privilegeNames(entry.set) };
  }

  /**
   * The same table for a router that takes `/Config` for `/config`. Resources that differ only in
   * case get the privileges that both grant.
   */
  ignoringCase(): PrivilegeTable {
    const folded: Record<string, PrivilegeSet> = {};
    for (const { resource, set } of this.#entries.values()) {
      const key = resource.toLowerCase();
      folded[key] = (folded[key] ?? set) & set;
    }
    return new PrivilegeTable(
      Object.fromEntries(Object.entries(folded).map(([key, set]) => [key, privilegeNames(set)])),
      { prefixes: this.#prefixes !== undefined },
    );
  }

  #lookUp(resource: string): Entry | undefined {
    for (let path = resource; ; path = parent(path)) {
      const entry = this.#entries.get(path) ?? this.#prefixes?.of(path);
      if (entry !== undefined || path === '/') return entry;
    }
  }
}

/**
 * Folds the case of endpoints, since routers may ignore it. The names of databases keep their case:
 * names that differ in case are different databases.
 */
function caselessKey(resource: string): string {
  const folded = resource.toLowerCase();
  return folded === API_RESOURCE || folded.startsWith(`${API_RESOURCE}/`) ? folded : resource;
}

/** A frozen copy. */
export function copyPrivileges(privileges: Privileges): Privileges {
  const copied = Object.entries(privileges).map(
    ([resource, names]) => [resource, Object.freeze([...names])] as const,
  );
  return Object.freeze(Object.fromEntries(copied));
}

function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
