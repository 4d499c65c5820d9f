/** The target of a request. */
export interface AskedPlace {
  /** The names in its path below `/kapacitor/v1`, decoded. */
  readonly names: readonly string[];
  /** The database that it writes to, and the retention policy if it names one. */
  readonly database?: readonly string[];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Printable ASCII without `#`: anything else is written by escapes. */
const PLAIN = /^[!"$-~]*$/;

function readPath(path: string): readonly string[] | undefined {
  if (!PLAIN.test(path) || !path.startsWith('/')) return undefined;
  // One slash at the end means nothing.
  const written = path.slice(1).replace(/\/$/, '');
  if (written === '') return path === '/' ? [] : undefined;
  const names: string[] = [];
  for (const part of written.split('/')) {
    const name = decoded(part);
    if (name === undefined || name === '' || name === '.' || name === '..') return undefined;
    if (/[/\\\p{Cc}]/u.test(name)) return undefined;
    names.push(name);
  }
  return names;
}

type Parameters = readonly (readonly [name: string, value: string | undefined])[];

/** The parameters of a query; undefined if nobody can tell which there are. */
function readQuery(query: string): Parameters | undefined {
  if (query.includes(';') || !PLAIN.test(query)) return undefined;
  const parameters: [string, string | undefined][] = [];
  for (const pair of query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const read = decoded(name.replaceAll('+', ' '));
    if (read === undefined) return undefined;
    parameters.push([read, decoded(rest.join('=').replaceAll('+', ' '))]);
  }
  return parameters;
}

/** The value of a parameter: undefined if it is not there, null if nobody can tell. */
function valueOf(parameters: Parameters, wanted: string): string | undefined | null {
  // Some read `db[]` and `[db]` as `db`.
  const values = parameters.filter(
    ([name]) => name === wanted || name.startsWith(`${wanted}[`) || name.startsWith(`[${wanted}]`),
  );
  if (values.length === 0) return undefined;
  const [[name, value] = [], ...others] = values;
  return others.length > 0 || name !== wanted ? null : (value ?? null);
}

function readDatabase(parameters: Parameters): readonly string[] | undefined | null {
  const [db, rp] = [valueOf(parameters, 'db'), valueOf(parameters, 'rp')];
  if (db === null || rp === null) return null;
  if (db === undefined || db === '') return undefined;
  return rp === undefined || rp === '' ? [db] : [db, rp];
}

const WRITES = ['POST', 'PUT', 'PATCH'];
const PREFIX = /^kapacitor\/v1(preview)?(\/|$)/i;

/** Reads the target of a request; undefined if it could be read in two ways. */
export function readTarget(method: string, target: string): AskedPlace | undefined {
  const mark = target.indexOf('?');
  const [path, query] =
    mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
  const whole = readPath(path);
  if (whole === undefined) return undefined;
  const names = PREFIX.test(whole.join('/')) ? whole.slice(2) : whole;
  const parameters = readQuery(query);
  if (parameters === undefined) return undefined;
  const isWrite = WRITES.includes(method) && names[0]?.toLowerCase() === 'write';
  const database = isWrite ? readDatabase(parameters) : undefined;
  if (database === null) return undefined;
  return database === undefined ? { names } : { names, database };
}
