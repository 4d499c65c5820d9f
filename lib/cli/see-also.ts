import { helpFor } from '../troubleshooting.js';

/** The line below a message that names the page about it. */
export function seeAlso(code: string): string {
  return `  see ${helpFor(code)}\n`;
}

/** The same for a warning, which begins with its code; nothing for one that has none. */
export function seeAlsoOf(warning: string): string {
  const [code] = /^WRN_KAUTH_\w+/.exec(warning) ?? [];
  return code === undefined ? '' : seeAlso(code);
}
