/** Replaces a token. */
const HIDDEN = '(hidden)';

/** At most so many layers of encoding are undone. */
const DEPTH = 4;

/** A segment that somebody may have meant as `subscribe`. */
const MEANT = /^[^a-z]*subscribe/i;

/**
 * Hides the token in a path `/subscribe/<token>/write`, by which an InfluxDB may push points
 * through the gateway. If the path was mistyped (a doubled or an encoded slash), all that stands
 * behind the token is hidden too.
 *
 * @param path - the path of a request, without its query
 */
export function hideSubscriptionToken(path: string): string {
  if (!/subscribe|%/i.test(path)) return path;
  const segments = path.split('/');
  const place = segments.findIndex((segment) => MEANT.test(decoded(segment)));
  if (place === -1) return path;
  const behind = segments.slice(place + 1);
  const isExact = decoded(segments[place] ?? '').toLowerCase() === 'subscribe';
  if (isExact && behind.every((segment) => segment === '')) return path;
  const [token = '', ...rest] = behind;
  const isPlain = isExact && /^[^.]/.test(token) && rest.length < 2 && !MEANT.test(decoded(token));
  const kept = segments.slice(0, isExact ? place + 1 : place);
  return [...kept, HIDDEN, ...(isPlain ? rest : [])].join('/');
}

function decoded(segment: string): string {
  let text = segment;
  for (let depth = 0; depth < DEPTH && text.includes('%'); depth += 1) {
    try {
      text = decodeURIComponent(text);
    } catch {
      return text;
    }
  }
  return text;
}
