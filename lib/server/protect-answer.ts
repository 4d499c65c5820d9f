import type { ServerResponse } from 'node:http';

/** Answers differ by user and hold nothing to be rendered. */
export function protectAnswer(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
}
