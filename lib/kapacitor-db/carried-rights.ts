import { localPrivileges } from '../privileges/local-permissions.js';
import type { Permission } from '../privileges/permission.js';
import { canonicalPermissions } from '../privileges/permission.js';
import type { PrivilegeSet } from '../privileges/privilege.js';
import { privilegeNames, privilegeSet } from '../privileges/privilege.js';
import { API_RESOURCE, isForAdmins } from '../privileges/resource.js';
import type { Rights } from './effective-rights.js';
import { rightsAt } from './effective-rights.js';
import { grantPlace, isAmbiguousDatabase, isOfDatabases } from './grant-place.js';

/** Rights in the terms of this package that never exceed those that Kapacitor gave. */
export interface CarriedRights {
  readonly permissions: readonly Permission[];
  /** `PRIVILEGES:PLACE`, sorted by place. */
  readonly grants: readonly string[];
  /** Entries of Kapacitor that are not taken over: less is allowed than there. */
  readonly lost: readonly LostEntry[];
}

export interface LostEntry {
  readonly resource: string;
  readonly set: PrivilegeSet;
  /** Why, as the end of a sentence: `no grant can name that place`. */
  readonly why: string;
}

const PING = '/api/ping';
const WRITE = '/api/write';
const CONFIG = '/api/config';

const NONE = privilegeSet([]);
const ALL = privilegeSet(['all']);
const READ_BIT = privilegeSet(['read']);
const WRITE_BIT = privilegeSet(['write']);

/**
 * Says Kapacitor's rights by permissions (its `convertPrivleges`) and, as far as these don't say
 * them, by grants. Whoever has an entry for a database gets no permission that would open every
 * one. Undefined if Kapacitor took something away that can't be taken away here.
 */
export function carryRights(kapacitor: Rights): CarriedRights | undefined {
  const carried = new Carried(kapacitor);
  const databases = [...kapacitor.keys()].filter(isOfDatabases).sort();
  const endpoints = new Set([...kapacitor.keys(), ...carried.resources()]);
  const isSaid =
    databases.every((resource) => carried.carryDatabase(resource)) &&
    [...endpoints]
      .filter((resource) => !isOfDatabases(resource))
      .sort()
      .every((resource) => carried.carryEndpoint(resource));
  return isSaid ? carried.result() : undefined;
}

class Carried {
  readonly #kapacitor: Rights;
  readonly #permissions: readonly Permission[];
  /** The rights by the permissions and by the grants so far. */
  readonly #rights: Map<string, PrivilegeSet>;
  readonly #grants = new Map<string, PrivilegeSet>();
  readonly #lost: LostEntry[] = [];

  constructor(kapacitor: Rights) {
    this.#kapacitor = kapacitor;
    this.#permissions = permissionsOf(kapacitor);
    this.#rights = new Map(
      Object.entries(localPrivileges(this.#permissions)).map(([resource, names]) => [
        resource,
        privilegeSet(names),
      ]),
    );
  }

  resources(): readonly string[] {
    return [...this.#rights.keys()];
  }

  result(): CarriedRights {
    const grants = [...this.#grants]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([place, set]) => `${privilegeNames(set).join(',')}:${place}`);
    return { permissions: this.#permissions, grants, lost: this.#lost };
  }

  /** Says an entry for a database; false if more would be allowed than in Kapacitor. */
  carryDatabase(resource: string): boolean {
    const set = rightsAt(this.#kapacitor, resource);
    if ((set & WRITE_BIT) !== 0 && (this.#kapacitorAt(WRITE) & WRITE_BIT) === 0) {
      return this.#lose(resource, 'it let nobody write without "write" on "/api/write"');
    }
    // A grant to read or to write brings these endpoints.
    if ((set & (READ_BIT | WRITE_BIT)) !== 0 && this.#kapacitorAt(PING) !== ALL) {
      return this.#lose(resource, 'here it would bring "all" on "/api/ping"');
    }
    const isCarried = this.#say(resource);
    if (this.#grants.has(grantPlace(resource) ?? '')) this.#bring(set);
    return isCarried;
  }

  /** Says an entry for an endpoint; false if more would be allowed than in Kapacitor. */
  carryEndpoint(resource: string): boolean {
    if (isForAdmins(resource)) return this.#lose(resource, 'it is for administrators here');
    const isOfApi = resource === API_RESOURCE || resource.startsWith(`${API_RESOURCE}/`);
    if (!isOfApi) return this.#lose(resource, 'it is above or beside all endpoints');
    return this.#say(resource);
  }

  /** A grant for a resource, unless the same is said already. */
  #say(resource: string): boolean {
    const set = this.#kapacitorAt(resource);
    if (set === rightsAt(this.#rights, resource)) return true;
    const place = grantPlace(resource);
    if (place === undefined) {
      const why = isAmbiguousDatabase(resource)
        ? "the database's name has a slash, and Kapacitor didn't keep where"
        : 'no grant can name that place';
      return this.#lose(resource, why);
    }
    this.#rights.set(resource, set);
    this.#grants.set(place, set);
    return true;
  }

  /** Adds what a grant for a database brings. */
  #bring(set: PrivilegeSet): void {
    if ((set & (READ_BIT | WRITE_BIT)) !== 0) this.#unite(PING, ALL);
    if ((set & WRITE_BIT) !== 0) this.#unite(WRITE, WRITE_BIT);
  }

  #unite(resource: string, set: PrivilegeSet): void {
    this.#rights.set(resource, (this.#rights.get(resource) ?? NONE) | set);
  }

  /** Leaves an entry out. False if it took something away that is allowed here. */
  #lose(resource: string, why: string): boolean {
    const set = rightsAt(this.#kapacitor, resource);
    if ((rightsAt(this.#rights, resource) & ~set) !== 0 && !isForAdmins(resource)) return false;
    if (set !== rightsAt(this.#rights, resource)) this.#lost.push({ resource, set, why });
    return true;
  }

  #kapacitorAt(resource: string): PrivilegeSet {
    return rightsAt(this.#kapacitor, resource);
  }
}

/** Kapacitor's `convertPrivleges`, by what it really allows. */
function permissionsOf(kapacitor: Rights): readonly Permission[] {
  const isScoped = [...kapacitor.keys()].some(isOfDatabases);
  const permissions: Permission[] = [];
  if (kapacitor.get(API_RESOURCE) === ALL) permissions.push('api');
  if (kapacitor.get(CONFIG) === ALL) permissions.push('config_api');
  if (kapacitor.get(WRITE) === ALL && !isScoped) permissions.push('write_points');
  return canonicalPermissions(permissions);
}
