import { isHopByHop, namedByConnection, NONE_NAMED } from './hop-by-hop.js';
import { mayBeSet } from './passed-cookies.js';
import { rememberingNames } from './remembering-names.js';

/** Fields for the gateway alone: clients log in at it, and its requests carry no cookies. */
const WITHHELD: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate']);

/** Prefix of the fields that the gateway sets itself: Kapacitor's own let every page use it. */
const CORS = 'access-control-';

type RawHeaders = readonly (string | Buffer)[];

/**
 * Returns the fields of an answer that the client gets.
 *
 * @param raw - names and values in turn, as they came
 * @param judges - true if the upstream judges clients by itself: it may then ask them for
 *   credentials and set cookies, but not the one of the gateway's own pages
 * @returns the same, without those for the upstream's connection or for the gateway alone
 */
export function responseHeaders(raw: RawHeaders, judges: boolean): string[] {
  const fields: string[] = [];
  let connection: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const field = asText(raw[index]);
    const value = asText(raw[index + 1]);
    if (isField(field, 'connection')) {
      // All values of the field count.
      connection = connection === undefined ? value : `${connection},${value}`;
    } else if (isPassedOn(field) || (judges && isForClient(field, value))) {
      fields.push(field, value);
    }
  }
  const named = namedByConnection(connection);
  return named.size === 0 ? fields : withoutNamed(fields, named);
}

function asText(field: string | Buffer = ''): string {
  return typeof field === 'string' ? field : field.toString('latin1');
}

/** Returns true for what an upstream that judges by itself may tell a client. */
function isForClient(field: string, value: string): boolean {
  return isField(field, 'set-cookie') ? mayBeSet(value) : isField(field, 'www-authenticate');
}

/** Leaves out the fields that `Connection` names. */
function withoutNamed(fields: readonly string[], named: ReadonlySet<string>): string[] {
  return fields.filter((_field, index) => {
    const name = fields[index - (index % 2)] ?? '';
    return !named.has(name.toLowerCase());
  });
}

/** Takes a name as the upstream spells it. */
const isPassedOn = rememberingNames((field) => {
  const name = field.toLowerCase();
  return !WITHHELD.has(name) && !name.startsWith(CORS) && !isHopByHop(name, NONE_NAMED);
});

/**
 * Returns true if a field has this name. It runs for every field of every answer, so it compares
 * lengths first.
 *
 * @param name - in lower case
 */
export function isField(field: string, name: string): boolean {
  return field.length === name.length && field.toLowerCase() === name;
}
