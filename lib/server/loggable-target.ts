import { hideSubscriptionToken } from '../index.js';

const PATH_ALONE = /^\/[^?&;]*$/;

/** `u` and `p`, also as a list or an object (`p[]`, `p.x`), and other names by which clients send what lets them in. */
const SECRET =
  /^\s*(?:u|p|pass(?:word|wd|phrase)?|pwd|(?:access_|auth_|id_)?token|jwt|secret|api_?key|authorization)\s*(?:[[.].*)?$/i;

/**
 * A request target as it may be logged: without the query parameters `u` and `p` and what else tells a secret by its name, and
 * without the user and password that an absolute target (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still sent its password.
 */
export function loggableTarget(target: string): string {
  if (PATH_ALONE.test(target)) return hideSubscriptionToken(target);
  const end = target.search(/[?&;]|$/);
  const place = target.slice(0, end).replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/i, '$1');
  const parameters = target.slice(end).split(/[?&;]/).filter(isHarmless).join('&');
  const shown = hideSubscriptionToken(place);
  return parameters === '' ? shown : `${shown}?${parameters}`;
}

function isHarmless(parameter: string): boolean {
  const key = parameter.replace(/=.*/s, '');
  try {
    return key !== '' && !SECRET.test(decodeURIComponent(key.replaceAll('+', ' ')));
  } catch {
    return false;
  }
}
