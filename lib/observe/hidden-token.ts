import { readings } from './readings.js';
import { SHOWN_FORM } from './shown-form.js';

/** A segment that somebody may have meant as `subscribe`, or as several segments with that. */
const MEANT = /^[^a-z]*subscribe|[/\\]subscribe/i;

/** The same in a path that ends in `/write`, in which the word may also stand behind letters. */
const MISTYPED = /subscribe/i;

/** Letters, also encoded: a segment that can be read in one way only. */
const EXACT = /^(?:[a-z]|%(?:25)*[4-7][\da-f])+$/i;

/**
 * Hides the token in a path `/subscribe/<token>/write`, by which an InfluxDB may push points
 * through the gateway. If the path was mistyped (a doubled or an encoded slash), all that stands
 * behind the token is hidden too.
 *
 * @param path - the path of a request, without its query
 */
export function hideSubscriptionToken(path: string): string {
  if (!/subscribe|[^!-$&-[\]-~]/i.test(path)) return path;
  const segments = path.split('/');
  const meant = /\/write\/*$/i.test(path) ? MISTYPED : MEANT;
  const place = segments.findIndex((segment) => isMeant(segment, meant));
  if (place === -1) return path;
  return withoutToken(segments, place);
}

/** @param place - the segment that was meant as `subscribe`; the token stands behind it */
function withoutToken(segments: readonly string[], place: number): string {
  const behind = segments.slice(place + 1);
  const isExact = isSubscribe(segments[place] ?? '');
  if (isExact && behind.every((segment) => segment === '')) return segments.join('/');
  const [token = '', ...rest] = behind;
  const isPlain = isExact && /^[^.]/.test(token) && rest.length < 2 && !isMeant(token, MEANT);
  const kept = segments.slice(0, isExact ? place + 1 : place);
  return [...kept, SHOWN_FORM.hidden, ...(isPlain ? rest : [])].join('/');
}

function isSubscribe(segment: string): boolean {
  return EXACT.test(segment) && readings(segment)?.at(-1)?.toLowerCase() === 'subscribe';
}

function isMeant(segment: string, meant: RegExp): boolean {
  const all = readings(segment);
  return all === undefined || all.some((reading) => meant.test(reading));
}
