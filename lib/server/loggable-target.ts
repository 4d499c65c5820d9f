import { holdsLogin, mayHoldJwt, SHOWN_FORM, shownPath } from '../for-server.js';
import { holdsSecret, isSecretName } from '../index.js';

/** Limit of remembered names of parameters, and of the length of such a name in characters. */
const MOST_NAMES = 256;
const LONGEST_NAME = 64;

const harmless = new Map<string, boolean>();

/** A value that can't hold a secret by name, nor a JWT. */
const PLAIN_VALUE = /^[\w~*,-]*$/;

/** Such a value if it holds no JWT. */
const DOTTED_VALUE = /^[\w.~*,-]*$/;

/** A parameter, and all separators before it; none of them is tried as the first but the first. */
const PARTS = /(?<![?&;#])[?&;#]+[^?&;#]+/g;

const NAMED = /[^?&;#]/;

const END_OF_NAME = /=|$/;

/** Matches all in which a colon can be read. */
const COLON = /[%:\\]|&#|[^ -~]/;

/** The same for an `@`. */
const AT = /[%@\\]|&#|[^ -~]/;

/**
 * Returns a request target for the log. It leaves out the query parameters `u` and `p`, and others
 * whose names stand for a secret, also inside another parameter and encoded. It hides subscription
 * tokens, JWTs, and the user and password that an address (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still
 * sent its password.
 */
export function loggableTarget(target: string): string {
  const path = shownPath(target, true);
  const end = SHOWN_FORM.endOfPath(target);
  if (end === target.length) return path;
  return path + shownQuery(target.slice(end));
}

/** @param query - with the character before it */
function shownQuery(query: string): string {
  const unshown = `${query.charAt(0)}...`;
  if (query.length > SHOWN_FORM.longest) return unshown;
  let shown = '';
  // Most queries hold nothing, so one look at all of it is enough.
  let isDoubtful: boolean | undefined;
  let isAfterHidden = false;
  for (const part of query.match(PARTS) ?? []) {
    const parameter = part.slice(part.search(NAMED));
    const end = parameter.search(END_OF_NAME);
    const key = parameter.slice(0, end);
    const value = parameter.slice(end + 1);
    // What stands behind a separator within a secret has no name.
    const isRest: boolean = isAfterHidden && value === '';
    isAfterHidden = isRest || !isHarmlessName(key) || !isHarmlessValue(value);
    if (isAfterHidden) continue;
    // What is shown first begins as the query did.
    shown += shown === '' ? query.charAt(0) + parameter : part;
  }
  return isDoubtful !== false && holdsLoginAcross(shown) ? unshown : shown;

  function isHarmlessValue(value: string): boolean {
    if (PLAIN_VALUE.test(value)) return true;
    if (DOTTED_VALUE.test(value) && !mayHoldJwt(value)) return true;
    isDoubtful ??= holdsSecret(query);
    return !isDoubtful || !holdsSecret(value);
  }
}

/** A password that holds a separator stands in two parameters: between a colon and an `@`. */
function holdsLoginAcross(query: string): boolean {
  return COLON.test(query) && AT.test(query) && holdsLogin(query);
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
