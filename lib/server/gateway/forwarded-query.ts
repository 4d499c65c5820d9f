import { InvalidRequestError } from '../../index.js';

/**
 * The query of a request as the upstream gets it: as sent, but without the credentials in `u` and `p`.
 *
 * @param target - the request target: path and query
 * @returns with its question mark; empty where nothing is left
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) where servers read it in different ways: with a semicolon, which some
 * take for an ampersand, or with a name that can't be decoded
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
