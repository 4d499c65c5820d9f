import type { Privilege, PrivilegeSet } from './privilege.js';
import { includesPrivilege, privilegeNames, privilegeSet } from './privilege.js';
import { API_RESOURCE, cleanResource } from './resource.js';

/** What may be done to which resource: `{ '/api': ['all'], '/api/config': ['none'] }`. */
export type Privileges = Readonly<Record<string, readonly Privilege[]>>;

/** Privilege + resource: what a request wants to do. */
export interface Action {
  readonly privilege: Privilege;
  /** An absolute path; cleaned before it is looked up. */
  readonly resource: string;
}

/** What a user's privileges say of a resource, and of all below it that have no entry of their own. */
export interface PrivilegeEntry {
  /** The resource, such as `/api/config`. */
  readonly resource: string;
  /** What may be done there; `['none']` takes away what a resource above it grants. */
  readonly privileges: readonly Privilege[];
}

interface Entry {
  readonly resource: string;
  readonly set: PrivilegeSet;
}

/**
 * Privileges made ready for look-ups. The entry of the most specific resource decides; `none` there
 * takes away what a resource above it grants (Kapacitor's `AuthorizeAction`). Of several spellings of one resource, or
 * of one endpoint in another case, only that counts which all of them grant.
 */
export class PrivilegeTable {
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(privileges: Privileges) {
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
  }

  /** Whether the action is allowed. @throws MisuseError when the resource is not absolute. */
  allows({ privilege, resource }: Action): boolean {
    return includesPrivilege(this.#lookUp(cleanResource(resource))?.set ?? 0, privilege);
  }

  /** The entry that decides about a resource; undefined where there is none. @throws MisuseError */
  entryOf(resource: string): PrivilegeEntry | undefined {
    const entry = this.#lookUp(cleanResource(resource));
    return entry && { resource: entry.resource, privileges: privilegeNames(entry.set) };
  }

  /**
   * The same table for a router that takes `/Config` for `/config`: where two resources differ only in
   * case, what both grant.
   */
  ignoringCase(): PrivilegeTable {
    const folded: Record<string, PrivilegeSet> = {};
    for (const { resource, set } of this.#entries.values()) {
      const key = resource.toLowerCase();
      folded[key] = (folded[key] ?? set) & set;
    }
    return new PrivilegeTable(
      Object.fromEntries(Object.entries(folded).map(([key, set]) => [key, privilegeNames(set)])),
    );
  }

  #lookUp(resource: string): Entry | undefined {
    for (let path = resource; ; path = parent(path)) {
      const entry = this.#entries.get(path);
      if (entry !== undefined || path === '/') return entry;
    }
  }
}

/** Routers may ignore the case of an endpoint; databases whose names differ in case are two. */
function caselessKey(resource: string): string {
  const folded = resource.toLowerCase();
  return folded === API_RESOURCE || folded.startsWith(`${API_RESOURCE}/`) ? folded : resource;
}

/** A copy that nobody changes. */
export function copyPrivileges(privileges: Privileges): Privileges {
  const copied = Object.entries(privileges).map(
    ([resource, names]) => [resource, Object.freeze([...names])] as const,
  );
  return Object.freeze(Object.fromEntries(copied));
}

function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
