import type { Html } from './html.js';
import { html } from './html.js';

/** The parts of a time in ISO 8601 that are shown: up to the minute, or the second. */
const SHOWN = { minute: 16, second: 19 };

/**
 * Shows a time in UTC, such as `2026-11-28 16:45 UTC`; a text that is no time as it is.
 *
 * @param at - in ISO 8601, or in milliseconds since 1970
 */
export function shownTime(at: string | number, upTo: keyof typeof SHOWN = 'minute'): Html {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return html`${at}`;
  const text = date.toISOString();
  return html`<time datetime="${text}">${text.slice(0, SHOWN[upTo]).replace('T', ' ')} UTC</time>`;
}
