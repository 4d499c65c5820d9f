import type { IncomingMessage } from 'node:http';
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

const PAIRS: Readonly<Record<ForwardedFields, { readonly uri: string; readonly method: string }>> =
  {
    original: { uri: 'X-Original-URI', method: 'X-Original-Method' },
    forwarded: { uri: 'X-Forwarded-Uri', method: 'X-Forwarded-Method' },
  };

/**
 * Reads the request that a proxy asks about. A pair counts only if it is whole and unambiguous: if
 * a field is missing, repeated or contradicted by the other pair, a client may have sent it.
 *
 * @param fields - the pair that counts, whatever the other says; when left out, either, and both
 *   only if they agree
 * @throws InvalidRequestError (`ERR_KAUTH_INVALID_REQUEST`) if it isn't clear which request is
 *   meant
 */
export function forwardedRequest(
  request: Pick<IncomingMessage, 'headersDistinct'>,
  fields?: ForwardedFields,
): ForwardedRequest {
  const names = fields === undefined ? ALL_FIELDS : [fields];
  const [told, ...others] = names.flatMap((name) => readPair(request, name) ?? []);
  if (told === undefined) {
    const wanted = names.map((name) => `${PAIRS[name].uri} and ${PAIRS[name].method}`);
    throw invalidRequest(`the proxy must say what is asked for, in ${wanted.join(' or in ')}`);
  }
  if (others.some(({ method, target }) => method !== told.method || target !== told.target)) {
    throw invalidRequest('the fields X-Original-* and X-Forwarded-* contradict each other');
  }
  return told;
}

const ALL_FIELDS: readonly ForwardedFields[] = ['original', 'forwarded'];

function readPair(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  name: ForwardedFields,
): ForwardedRequest | undefined {
  const pair = PAIRS[name];
  const target =
    name === 'original' ? originalTarget(headersDistinct) : only(headersDistinct, pair.uri);
  const method = only(headersDistinct, pair.method);
  if (target === undefined && method === undefined) return undefined;
  if (!target || !method) throw invalidRequest(`${pair.uri} and ${pair.method} go together`);
  return { method, target };
}

/** Reads nginx's target, or the whole URL that ingress-nginx sends instead. */
function originalTarget(headers: IncomingMessage['headersDistinct']): string | undefined {
  const { uri } = PAIRS.original;
  const target = only(headers, uri);
  const url = only(headers, URL_FIELD);
  if (!url) return target;
  const [, told = ''] = /^https?:\/\/[^/?#@]+(.*)$/is.exec(url) ?? [];
  if (!told.startsWith('/'))
    throw invalidRequest(`${URL_FIELD} is a URL such as https://host/path`);
  if (target !== undefined && target !== told) {
    throw invalidRequest(`the fields ${uri} and ${URL_FIELD} contradict each other`);
  }
  return told;
}

const URL_FIELD = 'X-Original-URL';

function only(headers: IncomingMessage['headersDistinct'], name: string): string | undefined {
  const [value, ...others] = headers[name.toLowerCase()] ?? [];
  if (others.length > 0) throw invalidRequest(`the field ${name} is there more than once`);
  return value;
}
