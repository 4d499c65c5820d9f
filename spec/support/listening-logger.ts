import type { Logger } from '../../lib/index.js';
import { look } from './leaks.js';

/** A logger that keeps what it is told. */
export function listeningLogger(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => {
    look('a log', message);
    lines.push(`${level} ${message}`);
  };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}
