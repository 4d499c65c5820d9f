import type { Request } from 'express';
import { MisuseError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import { isRecord } from '../../is-record.js';
import { warnOnce } from '../../warnings.js';
import { readBody } from '../read-body.js';

/**
 * Reads a body that is a JSON object, whatever its `Content-Type` says (Kapacitor's client sends
 * none). All programs must read it alike: so no key may occur twice, and none of `keys` in another
 * case, which Kapacitor takes for the same key.
 *
 * @param keys - the keys that mean something; others are ignored
 * @throws InvalidRequestError; MisuseError if another middleware consumed the body
 */
export async function readJsonObject(
  request: Request,
  keys: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const document = request.readableDidRead
    ? parsedBefore(request.body)
    : parse(await readBody(request));
  if (!isRecord(document)) throw invalidRequest('invalid JSON: the body must be an object');
  const respelled = new RegExp(`^(?:${keys.join('|')})$`, 'iu');
  for (const key of Object.keys(document)) {
    if (!respelled.test(key) || keys.includes(key)) continue;
    throw invalidRequest(
      `unknown key ${JSON.stringify(key)}: keys are ${keys.join(', ')}, in these letters`,
    );
  }
  return document;
}

/** The keys of the outermost object of a valid JSON text, in order, with repetitions. */
export function outermostKeys(json: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, name] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && name !== undefined) keys.push(String(JSON.parse(name)));
  }
  return keys;
}

function parse(bytes: Uint8Array): unknown {
  const json = decode(bytes);
  const document: unknown = parseJson(json);
  const seen = new Set<string>();
  for (const key of isRecord(document) ? outermostKeys(json) : []) {
    if (seen.has(key)) throw invalidRequest(`the key ${JSON.stringify(key)} is given twice`);
    seen.add(key);
  }
  return document;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidRequest('invalid JSON: the body is not UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest('invalid JSON');
  }
}

/** Reads the body as a body parser of the app left it. */
function parsedBefore(body: unknown): unknown {
  if (typeof body === 'string') return parse(Buffer.from(body));
  if (body instanceof Uint8Array) return parse(body);
  if (body === undefined) {
    throw new MisuseError('a middleware read the body and kept nothing: put usersApi() before it');
  }
  warnOnce(
    'WRN_KAUTH_BODY_ALREADY_PARSED',
    'a body parser came before usersApi(), which then cannot see keys that are given twice: put usersApi() before it',
  );
  return body;
}
