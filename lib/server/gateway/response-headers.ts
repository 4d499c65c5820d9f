import { isHopByHop, namedByConnection } from './hop-by-hop.js';

/** Fields for the gateway alone: clients log in at it, and its requests carry no cookies. */
const WITHHELD: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate']);

/** Prefix of the fields that the gateway sets itself: Kapacitor's own let every page use it. */
const CORS = 'access-control-';

type RawHeaders = readonly (string | Buffer)[];

/**
 * Returns the fields of an answer that the client gets.
 *
 * @param raw - names and values in turn, as they came
 * @returns the same, without those for the upstream's connection or for the gateway alone
 */
export function responseHeaders(raw: RawHeaders): string[] {
  const fields = raw.map(asText);
  const named = namedByConnection(connectionOf(fields));
  const passed: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const field = fields[index] ?? '';
    const name = field.toLowerCase();
    if (!WITHHELD.has(name) && !name.startsWith(CORS) && !isHopByHop(name, named))
      passed.push(field, fields[index + 1] ?? '');
  }
  return passed;
}

function asText(field: string | Buffer): string {
  return typeof field === 'string' ? field : field.toString('latin1');
}

/** Joins all values of `Connection`. */
function connectionOf(fields: readonly string[]): string | undefined {
  let values: string | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    const field = fields[index] ?? '';
    if (!isField(field, 'connection')) continue;
    const value = fields[index + 1] ?? '';
    values = values === undefined ? value : `${values},${value}`;
  }
  return values;
}

/**
 * Returns true if a field has this name. It runs for every field of every answer, so it compares
 * lengths first.
 *
 * @param name - in lower case
 */
export function isField(field: string, name: string): boolean {
  return field.length === name.length && field.toLowerCase() === name;
}
