import type { ServerResponse } from 'node:http';
import type { KapacitorAuthError } from '../errors.js';

/** Texts for clients if the error's own text is not for them. */
const UNEXPOSED: Readonly<Record<number, string>> = {
  503: 'the user store is unavailable, try again later',
};

/** Statuses whose answers no cache may keep (RFC 6585, section 4, demands it for 429). */
const UNSTORED: ReadonlySet<number> = new Set([401, 429]);

/**
 * Sends an error in Kapacitor's shape: `{"error": text, "message": text}`, with the headers of the
 * error. Needs `node:http` only.
 *
 * @param challenge - false leaves `WWW-Authenticate` out of a 401; true when left out
 */
export function answerError(
  error: KapacitorAuthError,
  response: ServerResponse,
  { challenge = true }: { readonly challenge?: boolean } = {},
): void {
  const text = error.expose ? error.message : (UNEXPOSED[error.status] ?? 'internal server error');
  for (const [name, value] of Object.entries(error.headers)) {
    if (challenge || name !== 'WWW-Authenticate') response.setHeader(name, value);
  }
  if (UNSTORED.has(error.status)) response.setHeader('Cache-Control', 'no-store');
  answerJson(response, error.status, { error: text, message: text });
}

/** Sends a JSON document. */
export function answerJson(response: ServerResponse, status: number, document: unknown): void {
  const body = Buffer.from(JSON.stringify(document));
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}
