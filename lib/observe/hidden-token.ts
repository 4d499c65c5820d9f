/** What stands in place of a token. */
const HIDDEN = '(hidden)';

/**
 * A path as it may be told, without the token of `/subscribe/<token>/write`, by which an InfluxDB may push points through the
 * gateway.
 *
 * @param path - the path of a request, without its query
 */
export function hideSubscriptionToken(path: string): string {
  if (!/subscribe|%/i.test(path)) return path;
  const segments = path.split('/');
  const place = segments.findIndex((segment) => decoded(segment).toLowerCase() === 'subscribe');
  if (place === -1 || !segments[place + 1]) return path;
  return segments.with(place + 1, HIDDEN).join('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
