import type { IncomingMessage } from 'node:http';
import type { InvalidRequestError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';

/** The request that a proxy asks about. */
export interface ForwardedRequest {
  /** The method, as sent. */
  readonly method: string;
  /** The request target as the client sent it: path and query. */
  readonly target: string;
}

/**
 * The pair of fields in which a proxy names the request: `original` for `X-Original-URI` and
 * `X-Original-Method`, which nginx is configured to send (ingress-nginx sends `X-Original-URL`,
 * with scheme and host), or `forwarded` for `X-Forwarded-Uri` and `X-Forwarded-Method`, which
 * Traefik and Caddy send by themselves.
 */
export type ForwardedFields = 'original' | 'forwarded';

/** A field's name as errors show it, and as Node.js keeps it. */
interface Field {
  readonly name: string;
  readonly key: string;
}

const field = (name: string): Field => ({ name, key: name.toLowerCase() });

const PAIRS: Readonly<Record<ForwardedFields, { readonly uri: Field; readonly method: Field }>> = {
  original: { uri: field('X-Original-URI'), method: field('X-Original-Method') },
  forwarded: { uri: field('X-Forwarded-Uri'), method: field('X-Forwarded-Method') },
};

/**
 * Reads the request that a proxy asks about. A pair counts only if it is whole and unambiguous: if
 * a field is missing, repeated or contradicted by the other pair, a client may have sent it.
 *
 * @param request - the question; its `headers` only spare work
 * @param fields - the pair that counts, whatever the other says; when left out, either, and both
 *   only if they agree
 * @throws InvalidRequestError (`ERR_KAUTH_INVALID_REQUEST`) if it isn't clear which request is
 *   meant
 */
export function forwardedRequest(
  request: Pick<IncomingMessage, 'headersDistinct'> & Partial<Pick<IncomingMessage, 'headers'>>,
  fields?: ForwardedFields,
): ForwardedRequest {
  const original = fields === 'forwarded' ? undefined : readPair(request, 'original');
  const forwarded = fields === 'original' ? undefined : readPair(request, 'forwarded');
  const told = original ?? forwarded;
  if (told === undefined) throw untold(fields);
  if (forwarded === undefined || forwarded === told) return told;
  if (forwarded.method !== told.method || forwarded.target !== told.target) {
    throw invalidRequest('the fields X-Original-* and X-Forwarded-* contradict each other');
  }
  return told;
}

type Asking = Parameters<typeof forwardedRequest>[0];

function untold(fields: ForwardedFields | undefined): InvalidRequestError {
  const names: readonly ForwardedFields[] =
    fields === undefined ? ['original', 'forwarded'] : [fields];
  const wanted = names.map((name) => `${PAIRS[name].uri.name} and ${PAIRS[name].method.name}`);
  return invalidRequest(`the proxy must say what is asked for, in ${wanted.join(' or in ')}`);
}

function readPair(request: Asking, name: ForwardedFields): ForwardedRequest | undefined {
  const pair = PAIRS[name];
  const target = name === 'original' ? originalTarget(request) : only(request, pair.uri);
  const method = only(request, pair.method);
  if (target === undefined && method === undefined) return undefined;
  if (!target || !method)
    throw invalidRequest(`${pair.uri.name} and ${pair.method.name} go together`);
  return { method, target };
}

/** Reads nginx's target, or the whole URL that ingress-nginx sends instead. */
function originalTarget(request: Asking): string | undefined {
  const { uri } = PAIRS.original;
  const target = only(request, uri);
  const url = only(request, URL_FIELD);
  if (!url) return target;
  const [, told = ''] = /^https?:\/\/[^/?#@]+(.*)$/is.exec(url) ?? [];
  if (!told.startsWith('/'))
    throw invalidRequest(`${URL_FIELD.name} is a URL such as https://host/path`);
  if (target !== undefined && target !== told) {
    throw invalidRequest(`the fields ${uri.name} and ${URL_FIELD.name} contradict each other`);
  }
  return told;
}

const URL_FIELD = field('X-Original-URL');

/**
 * The value of a field. Node.js joins repeated ones by a comma, and takes long to part them. A
 * value with a comma that an app has written by itself is refused: a client must not decide, by a
 * comma, if the app's value counts or its own.
 */
function only(request: Asking, { name, key }: Field): string | undefined {
  const { headers } = request;
  const joined = headers?.[key];
  if (headers !== undefined && joined === undefined) return undefined;
  if (typeof joined === 'string' && !joined.includes(',')) return joined;
  const sent = request.headersDistinct[key] ?? [];
  const [value] = sent;
  if (sent.length > 1 || (headers !== undefined && value !== joined)) {
    throw invalidRequest(`the field ${name} is there more than once`);
  }
  return value;
}
