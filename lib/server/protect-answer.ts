import type { ServerResponse } from 'node:http';

/** Forbids caching and content sniffing: answers differ by user and hold nothing to render. */
export function protectAnswer(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
}
