import { InvalidRequestError } from '../errors.js';
import { API_RESOURCE, DATABASE_RESOURCE, encodeSegment, isForAdmins } from './resource.js';

/** The place of a grant: an endpoint or a database, or all whose names begin alike. */
export interface GrantPlace {
  /** The canonical text, such as `tasks/cpu_alert` or `database/telegraf`. */
  readonly text: string;
  /** The key in the table of privileges, such as `/api/tasks/team-a.*`; `*` ends a prefix. */
  readonly resource: string;
  readonly isDatabase: boolean;
}

const DATABASE = 'database';

/** First segments of what people write who give the path of a request or a resource. */
const NOT_FIRST: ReadonlySet<string> = new Set(['', 'api', 'kapacitor']);

/** Characters that a name holds in encoded form only. */
const ENCODED = /[/%*\p{Cc}]/gu;

/** The parts of a place: decoded names, and the beginning of a name if the place ends with `*`. */
interface Parts {
  readonly names: readonly string[];
  readonly prefix: string | undefined;
}

/**
 * Reads `database`, `database/NAME`, `database/NAME/POLICY`, or an endpoint without `/api`. Names
 * are percent-encoded if they hold `/`, `%`, `*` or control characters. A `*` at the end stands for
 * all that begins so.
 *
 * @param grant - the grant that the place is part of, for messages
 * @throws InvalidRequestError
 */
export function parsePlace(place: string, grant: string): GrantPlace {
  const refuse = refuser(grant);
  const segments = place.split('/');
  const [first = ''] = segments;
  const folded = first.toLowerCase();
  if (NOT_FIRST.has(folded)) {
    refuse('write the place without "/api", such as "tasks/cpu_alert" or "database/telegraf"');
  }
  if (folded.replace('*', '') === DATABASE && first !== DATABASE) {
    refuse('all databases are "database", one is "database/NAME"');
  }
  const parts = readParts(segments, refuse);
  return first === DATABASE ? databasePlace(parts, refuse) : endpointPlace(parts, refuse);
}

/**
 * The canonical text of the place of a resource; undefined if no grant can be for it.
 *
 * @param resource - canonical, such as `/api/tasks/cpu`
 */
export function placeTextOf(resource: string): string | undefined {
  if (isForAdmins(resource.toLowerCase())) return undefined;
  const segments = resource.slice(1).split('/');
  const isDatabase = segments[0] === DATABASE;
  if (!isDatabase && (segments[0] !== API_RESOURCE.slice(1) || segments.length < 2)) {
    return undefined;
  }
  const names = isDatabase ? segments.map(decode) : segments.slice(1);
  return names.includes(undefined) ? undefined : names.map((name) => encode(name ?? '')).join('/');
}

function readParts(segments: readonly string[], refuse: Refuse): Parts {
  const last = segments.at(-1) ?? '';
  const isPrefix = last.endsWith('*');
  const names = segments.map((segment, index) => {
    const isLast = index === segments.length - 1;
    return readName(isLast && isPrefix ? segment.slice(0, -1) : segment, refuse);
  });
  if (!isPrefix) {
    if (names.some(isNothing)) refuse('a place has no empty or dot segments');
    return { names, prefix: undefined };
  }
  const prefix = names.at(-1) ?? '';
  const above = names.slice(0, -1);
  if (above.some(isNothing) || /^\.+$/.test(prefix)) {
    refuse('a place has no empty or dot segments');
  }
  return { names: above, prefix };
}

function readName(segment: string, refuse: Refuse): string {
  if (segment.includes('*')) refuse('"*" is the last character or %2A');
  if (/\p{Cc}/u.test(segment)) refuse('percent-encode control characters');
  const name = decode(segment);
  if (!name?.isWellFormed()) {
    refuse('write % as %25, and names in UTF-8');
  }
  return name;
}

function databasePlace({ names, prefix }: Parts, refuse: Refuse): GrantPlace {
  const [, ...below] = names;
  if (below.length + (prefix === undefined ? 0 : 1) > 2) {
    refuse('a database has retention policies, and these have nothing below them');
  }
  const last =
    prefix === undefined ? [] : [`${encodeURIComponent(prefix).replaceAll('*', '%2A')}*`];
  return {
    text: textOf({ names, prefix }),
    resource: [DATABASE_RESOURCE, ...below.map(encodeSegment), ...last].join('/'),
    isDatabase: true,
  };
}

function endpointPlace({ names, prefix }: Parts, refuse: Refuse): GrantPlace {
  const all = prefix === undefined ? names : [...names, prefix];
  if (all.some((name) => /[/\\*\p{Cc}]|^\s|\s$/u.test(name))) {
    refuse(
      'no endpoint has such a name: it can not hold "/", "\\", "*" or control characters, nor begin or end with a blank',
    );
  }
  const path = [...names, ...(prefix === undefined ? [] : [`${prefix}*`])].join('/');
  const resource = `${API_RESOURCE}/${path}`;
  if (isForAdmins(resource.toLowerCase())) refuse('it is for administrators only');
  return { text: textOf({ names, prefix }), resource, isDatabase: false };
}

function textOf({ names, prefix }: Parts): string {
  return [...names.map(encode), ...(prefix === undefined ? [] : [`${encode(prefix)}*`])].join('/');
}

function encode(name: string): string {
  return name.replace(ENCODED, (character) =>
    character === '*' ? '%2A' : encodeURIComponent(character),
  );
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function isNothing(name: string): boolean {
  return name === '' || name === '.' || name === '..';
}

type Refuse = (problem: string) => never;

function refuser(grant: string): Refuse {
  return (problem) => {
    throw new InvalidRequestError(
      'ERR_KAUTH_INVALID_REQUEST',
      `grant ${JSON.stringify(grant)}: ${problem}`,
    );
  };
}
