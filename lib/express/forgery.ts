import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { AuthorizationError } from '../errors.js';
import { refuse } from './edge.js';
import type { Next } from './edge.js';

/** What such a request is answered. */
export const FORGED = 'requests from pages of another site need "Content-Type: application/json"';

/**
 * Whether another site may have made a browser send this request with the credentials it remembers: a plain form can POST
 * anywhere. Whatever a form can't send, browsers ask about first (the Fetch standard's CORS preflight).
 */
export function isForgeable({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (method !== 'POST' || /^application\/json\b/i.test(headers['content-type'] ?? ''))
    return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && origin.replace(/^[a-z]+:\/\//, '') !== host;
}

/** Refuses what another site may have made a browser send. Programs send neither `Origin` nor `Sec-Fetch-Site`. */
export function refuseForgeries(request: Request, response: Response, next: Next): void {
  if (!isForgeable(request)) {
    next();
    return;
  }
  refuse(new AuthorizationError('ERR_KAUTH_FORBIDDEN', FORGED), request, response, next);
}
