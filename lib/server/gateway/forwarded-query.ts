import { InvalidRequestError } from '../../index.js';

/**
 * Returns the query of a request for the upstream: as sent, but without the credentials in `u` and
 * `p`.
 *
 * @param target - the request target: path and query
 * @returns with its question mark; empty if nothing is left
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) if servers would read the query in
 * different ways, because of a semicolon (some take it for an ampersand) or a name that can't be
 * decoded
 */
export function forwardedQuery(target: string): string {
  const mark = target.indexOf('?');
  if (mark === -1) return '';
  const query = target.slice(mark + 1);
  if (query.includes(';')) refuse('it holds a semicolon, write %3B');
  const kept = query.split('&').filter((parameter) => !isCredential(parameter));
  const rest = kept.join('&');
  return rest === '' ? '' : `?${rest}`;
}

function isCredential(parameter: string): boolean {
  const name = parameter.split('=', 1)[0] ?? '';
  if (!/[%+]/.test(name)) return name === 'u' || name === 'p';
  try {
    const decoded = decodeURIComponent(name.replaceAll('+', ' '));
    return decoded === 'u' || decoded === 'p';
  } catch {
    return refuse('a name in it holds an escape that is not UTF-8');
  }
}

function refuse(problem: string): never {
  throw new InvalidRequestError('ERR_KAUTH_AMBIGUOUS_PATH', `ambiguous query: ${problem}`);
}
