import { holdsLogin, SHOWN_FORM, shownPath } from '../for-server.js';
import { holdsSecret, isSecretName } from '../index.js';

/** Limit of remembered names of parameters, and of the length of such a name in characters. */
const MOST_NAMES = 256;
const LONGEST_NAME = 64;

const harmless = new Map<string, boolean>();

/** A value that can't hold a secret by name. */
const PLAIN_VALUE = /^[\w.~*,-]*$/;

/**
 * Returns a request target for the log. It leaves out the query parameters `u` and `p`, and others
 * whose names stand for a secret, also inside another parameter and encoded. It hides subscription
 * tokens, and the user and password that an address (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still
 * sent its password.
 */
export function loggableTarget(target: string): string {
  const path = shownPath(target, true);
  const end = SHOWN_FORM.endOfPath(target);
  if (end === target.length) return path;
  const query = shownQuery(target.slice(end));
  return query === '' ? path : `${path}?${query}`;
}

const UNSHOWN = '...';

/** @param query - with the character before it */
function shownQuery(query: string): string {
  if (query.length > SHOWN_FORM.longest) return UNSHOWN;
  const shown: string[] = [];
  // Most queries hold nothing, so one look at all of it is enough.
  let isDoubtful: boolean | undefined;
  let isAfterHidden = false;
  for (const parameter of query.split(/[?&;#]/)) {
    const [key = '', ...parts] = parameter.split('=');
    const value = parts.join('=');
    // What stands behind a separator within a secret has no name.
    const isRest: boolean = isAfterHidden && value === '';
    const isPlain: boolean = !isRest && isHarmlessName(key) && isHarmlessValue(value);
    if (isPlain) shown.push(parameter);
    if (parameter !== '') isAfterHidden = !isPlain;
  }
  const all = shown.join('&');
  return isDoubtful !== false && holdsLoginAcross(all) ? UNSHOWN : all;

  function isHarmlessValue(value: string): boolean {
    if (PLAIN_VALUE.test(value)) return true;
    isDoubtful ??= holdsSecret(query);
    return !isDoubtful || !holdsSecret(value);
  }
}

/** A password that holds a separator stands in two parameters: between a colon and an `@`. */
function holdsLoginAcross(query: string): boolean {
  return /[%:\\]/.test(query) && /[%@&]/.test(query) && holdsLogin(query);
}

/** Remembers its answers: a few names come again and again, so most need no close look. */
function isHarmlessName(key: string): boolean {
  const known = harmless.get(key);
  if (known !== undefined) return known;
  const isPlain = /^[^/]+$/.test(key) && isReadable(key) && !isSecretName(key) && !holdsSecret(key);
  if (harmless.size >= MOST_NAMES) harmless.clear();
  if (key.length <= LONGEST_NAME) harmless.set(key, isPlain);
  return isPlain;
}

function isReadable(key: string): boolean {
  try {
    decodeURIComponent(key);
    return true;
  } catch {
    return false;
  }
}
