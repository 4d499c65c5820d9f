import type { Response } from 'express';
import type { Html } from './html.js';

/** No script at all; nothing from elsewhere; no page in a frame; forms only to us. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const FIELDS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Sets the fields that protect every answer of the pages. */
export function protect(response: Response): void {
  for (const [name, value] of Object.entries(FIELDS)) response.setHeader(name, value);
}

/** Sends a document. */
export function sendHtml(response: Response, status: number, document: Html): void {
  const body = Buffer.from(document.toString());
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Sends the browser on, to read there what became of a form (RFC 9110, section 15.4.4). */
export function sendOn(response: Response, to: string): void {
  response.statusCode = 303;
  response.setHeader('Location', to);
  response.end();
}
