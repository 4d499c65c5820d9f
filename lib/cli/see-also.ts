import { helpFor } from '../troubleshooting.js';

/** Returns the line below a message that names the page about it. */
export function seeAlso(code: string): string {
  return `  see ${helpFor(code)}\n`;
}

/** Returns that line for a warning, which begins with its code; empty if it has none. */
export function seeAlsoOf(warning: string): string {
  const [code] = /^WRN_KAUTH_\w+/.exec(warning) ?? [];
  return code === undefined ? '' : seeAlso(code);
}
