import { isHopByHop, namedByConnection } from './hop-by-hop.js';

/** What an upstream says to the gateway alone: clients log in at the gateway, whose requests carry no cookies. */
const WITHHELD: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate']);

/** Which pages may use the upstream is said here: Kapacitor says that all may. */
const CORS = 'access-control-';

type RawHeaders = readonly (string | Buffer)[];

/**
 * The fields of an answer that are passed on to the client.
 *
 * @param raw - names and values in turn, as they came
 * @returns the same, without what belongs to the upstream's connection
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

/** All values of `Connection`, joined. */
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
 * Whether a field has this name. It is asked of every field of every answer, so lengths are compared first.
 *
 * @param name - in small letters
 */
export function isField(field: string, name: string): boolean {
  return field.length === name.length && field.toLowerCase() === name;
}
