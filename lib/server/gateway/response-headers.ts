import { isHopByHop, namedByConnection } from './hop-by-hop.js';

/** What an upstream says to the gateway alone: clients log in at the gateway, whose requests carry no cookies. */
const WITHHELD: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate']);

type RawHeaders = readonly (string | Buffer)[];

/**
 * The fields of an answer that are passed on to the client.
 *
 * @param raw - names and values in turn, as they came
 * @returns the same, without what belongs to the upstream's connection
 */
export function responseHeaders(raw: RawHeaders): string[] {
  const fields = raw.map((field) => (typeof field === 'string' ? field : field.toString('latin1')));
  const named = namedByConnection(connectionOf(fields));
  return fields.filter((_field, index) => {
    const name = fields[index - (index % 2)]?.toLowerCase() ?? '';
    return !WITHHELD.has(name) && !isHopByHop(name, named);
  });
}

/** All values of `Connection`, joined. */
function connectionOf(fields: readonly string[]): string | undefined {
  const values = fields.filter(
    (_field, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === 'connection',
  );
  return values.length === 0 ? undefined : values.join(',');
}
