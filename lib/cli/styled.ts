import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** How a text stands out. */
export type Style = 'bold' | 'green' | 'red' | 'yellow';

/**
 * Makes a text stand out where a stream is a terminal that shows colours; `NO_COLOR` and `FORCE_COLOR` are honoured.
 */
export function styled(stream: Writable, style: Style, text: string): string {
  return styleText(style, text, { stream });
}
