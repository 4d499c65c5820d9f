import { cleanResource } from './resource.js';
import { privilegeNames, privilegeSet, includesPrivilege } from './privilege.js';
import type { Privilege, PrivilegeSet } from './privilege.js';

/** What may be done to which resource: `{ '/api': ['all'], '/api/config': ['none'] }`. */
export type Privileges = Readonly<Record<string, readonly Privilege[]>>;

/** Privilege + resource: what a request wants to do. */
export interface Action {
  readonly privilege: Privilege;
  /** An absolute path; cleaned before it is looked up. */
  readonly resource: string;
}

/**
 * Privileges made ready for look-ups. The entry of the most specific resource decides; `none` there
 * takes away what a resource above it grants (Kapacitor's `AuthorizeAction`).
 */
export class PrivilegeTable {
  readonly #entries: ReadonlyMap<string, PrivilegeSet>;

  constructor(privileges: Privileges) {
    const entries = new Map<string, PrivilegeSet>();
    for (const [resource, names] of Object.entries(privileges)) {
      const clean = cleanResource(resource);
      entries.set(clean, (entries.get(clean) ?? 0) | privilegeSet(names));
    }
    this.#entries = entries;
  }

  /** Whether the action is allowed. @throws MisuseError when the resource is not absolute. */
  allows({ privilege, resource }: Action): boolean {
    return includesPrivilege(this.#lookUp(cleanResource(resource)), privilege);
  }

  /**
   * The same table for a router that takes `/Config` for `/config`: where two resources differ only in
   * case, what both grant.
   */
  ignoringCase(): PrivilegeTable {
    const folded: Record<string, PrivilegeSet> = {};
    for (const [resource, set] of this.#entries) {
      const key = resource.toLowerCase();
      folded[key] = (folded[key] ?? set) & set;
    }
    return new PrivilegeTable(
      Object.fromEntries(Object.entries(folded).map(([key, set]) => [key, privilegeNames(set)])),
    );
  }

  #lookUp(resource: string): PrivilegeSet {
    for (let path = resource; ; path = parent(path)) {
      const entry = this.#entries.get(path);
      if (entry !== undefined) return entry;
      if (path === '/') return 0;
    }
  }
}

function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
