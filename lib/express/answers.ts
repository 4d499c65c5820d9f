import type { ServerResponse } from 'node:http';
import type { KapacitorAuthError } from '../errors.js';

/** What is said where the error itself is not for clients. */
const UNEXPOSED: Readonly<Record<number, string>> = {
  503: 'the user store is unavailable, try again later',
};

/** Answers that no cache may keep (RFC 6585, section 4, says so of 429). */
const UNSTORED: ReadonlySet<number> = new Set([401, 429]);

/**
 * Sends an error in Kapacitor's shape: `{"error": text, "message": text}`, with the headers that the error carries. Knows
 * `node:http` only.
 *
 * @param challenge - whether a 401 carries `WWW-Authenticate`; true when left out
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
