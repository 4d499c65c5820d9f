import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export type Style = 'bold' | 'green' | 'red' | 'yellow';

/**
 * Styles a text if a stream is a terminal that shows colours; `NO_COLOR` and `FORCE_COLOR` count.
 */
export function styled(stream: Writable, style: Style, text: string): string {
  return styleText(style, text, { stream });
}
