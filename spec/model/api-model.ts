/**
 * Kapacitor's rules for its API in the plainest words: what the documentation says of permissions, grants and requests
 * (docs/users.md, docs/differences.md), written without a look at lib/privileges. Slow, and sure.
 */
import type { UserDescription } from '../../lib/privileges/user.js';
import { readTarget } from './api-target.js';

/** The model's judgement of a request. */
export type ModelVerdict = 'allowed' | 'ambiguous' | 'forbidden' | 'forbidden database';

type Verb = 'read' | 'write' | 'delete';

/** The rights of somebody at a place; a place that ends in `*` is all that begin so. */
type Rights = Map<string, Set<Verb>>;

const ALL: readonly Verb[] = ['read', 'write', 'delete'];
const THE_SAME_AS_ALL = ['api', 'config_api', 'write_points'] as const;

const READ: readonly Verb[] = ['read'];
const WRITE: readonly Verb[] = ['write'];
const DELETE: readonly Verb[] = ['delete'];
const NONE: readonly Verb[] = [];

const RIGHTS_OF_PERMISSION: Readonly<Record<string, Readonly<Record<string, readonly Verb[]>>>> = {
  none: {},
  api: { '/api': ALL, '/api/config': NONE, '/api/write': NONE },
  config_api: { '/api/ping': ALL, '/api/config': ALL },
  write_points: { '/api/ping': ALL, '/api/write': ALL, '/database': WRITE },
  all: { '/api': ALL, '/api/config': ALL, '/api/write': ALL, '/database': ALL },
};

const NEEDS: ReadonlyMap<string, readonly Verb[]> = new Map([
  ['GET', READ],
  ['HEAD', READ],
  ['POST', WRITE],
  ['PUT', WRITE],
  ['PATCH', WRITE],
  ['DELETE', DELETE],
  ['OPTIONS', NONE],
]);

function add(rights: Rights, place: string, verbs: readonly Verb[]): void {
  rights.set(place, new Set([...(rights.get(place) ?? []), ...verbs]));
}

interface Grant {
  readonly place: string;
  readonly verbs: readonly Verb[];
}

/** A name without the characters that mean something in a place. */
const keptApart = (name: string): string => name.replaceAll('/', '\0').replaceAll('*', '\u0001');

function readGrant(grant: string): Grant {
  const colon = grant.indexOf(':');
  const [words, written] = [grant.slice(0, colon), grant.slice(colon + 1)];
  const names = words.split(',');
  const verbs = ALL.filter((verb) => names.includes('all') || names.includes(verb));
  const isOpen = written.endsWith('*');
  const parts = (isOpen ? written.slice(0, -1) : written)
    .split('/')
    .map((part) => keptApart(decodeURIComponent(part)));
  const begin = parts[0] === 'database' ? '/' : '/api/';
  return { place: begin + parts.join('/') + (isOpen ? '*' : ''), verbs };
}

/** All that permissions and grants say. */
function rightsOf({ permissions, grants = [] }: UserDescription): Rights {
  const rights: Rights = new Map();
  const areAll =
    permissions.includes('all') || THE_SAME_AS_ALL.every((name) => permissions.includes(name));
  for (const permission of areAll ? ['all'] : permissions)
    for (const [place, verbs] of Object.entries(RIGHTS_OF_PERMISSION[permission] ?? {}))
      add(rights, place, verbs);
  const read = grants.map(readGrant);
  for (const { place } of read) rights.delete(place);
  for (const { place, verbs } of read) add(rights, place, verbs);
  const databases = read.filter(({ place }) => place.startsWith('/database'));
  // These take nothing away from what a place has from above.
  const unite = (place: string, verbs: readonly Verb[]): void => {
    add(rights, place, [...verbsAt(rights, place), ...verbs]);
  };
  if (databases.some(({ verbs }) => verbs.includes('write'))) unite('/api/write', WRITE);
  const arePinging = databases.some(
    ({ verbs }) => verbs.includes('write') || verbs.includes('read'),
  );
  if (arePinging) unite('/api/ping', ALL);
  return rights;
}

/** For a router to which letters in both cases are the same: of two places that it takes for one, what both allow. */
function withoutCase(rights: Rights): Rights {
  const caseless: Rights = new Map();
  for (const [place, verbs] of rights) {
    const lower = place.toLowerCase();
    const other = caseless.get(lower);
    caseless.set(lower, new Set([...verbs].filter((verb) => other?.has(verb) ?? true)));
  }
  return caseless;
}

/** The place itself, else the longest beginning of it that has a `*`, else what is above. */
function verbsAt(rights: Rights, resource: string): ReadonlySet<Verb> {
  for (let place = resource; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    const own = rights.get(place);
    if (own !== undefined) return own;
    const above = place.lastIndexOf('/') + 1;
    for (let length = place.length; length >= above; length -= 1) {
      const open = rights.get(`${place.slice(0, length)}*`);
      if (open !== undefined) return open;
    }
  }
  return new Set();
}

const joined = (names: readonly string[]): string =>
  names.map((name) => `/${keptApart(name)}`).join('');

/** Returns what a user may have of a request to Kapacitor's API. */
export function modelVerdict(user: UserDescription, method: string, target: string): ModelVerdict {
  const asked = readTarget(method, target);
  if (asked === undefined) return 'ambiguous';
  if (user.type === 'admin') return 'allowed';
  const resource = `/api${joined(asked.names)}`;
  const needed = NEEDS.get(method) ?? ALL;
  const rights = rightsOf(user);
  const has = (held: Rights, place: string, verbs: readonly Verb[]): boolean =>
    verbs.every((verb) => verbsAt(held, place).has(verb));
  const isStorage = asked.names[0]?.toLowerCase() === 'storage';
  if (isStorage && needed.length > 0) return 'forbidden';
  if (!has(rights, resource, needed)) return 'forbidden';
  if (!has(withoutCase(rights), resource.toLowerCase(), needed)) return 'forbidden';
  if (asked.database === undefined) return 'allowed';
  const database = `/database${joined(asked.database)}`;
  return has(rights, database, WRITE) ? 'allowed' : 'forbidden database';
}
