import { hideSecrets, hideSubscriptionToken, holdsSecret, isSecretName } from '../index.js';

/** Characters of a path that are shown. A query that is longer is not shown at all. */
const LONGEST = 2_048;

/** Limit of remembered names of parameters, and of the length of such a name in characters. */
const MOST_NAMES = 256;
const LONGEST_NAME = 64;

const harmless = new Map<string, boolean>();

const PATH_ALONE = /^\/(?!\/)[^?&;%=@]*$/;

/**
 * Returns a request target for the log. It leaves out the query parameters `u` and `p`, and others
 * whose names stand for a secret, also inside another parameter and encoded. It hides subscription
 * tokens, and the user and password that an address (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still
 * sent its password.
 */
export function loggableTarget(target: string): string {
  if (PATH_ALONE.test(target) && target.length <= LONGEST) return hideSubscriptionToken(target);
  const end = target.search(/[?&;]|$/);
  const path = hideSubscriptionToken(hideSecrets(target.slice(0, Math.min(end, LONGEST))));
  const shown = end > LONGEST ? `${path}...` : path;
  if (target.length - end > LONGEST) return `${shown}?...`;
  const parameters = target.slice(end).split(/[?&;]/).filter(isHarmless).join('&');
  return parameters === '' ? shown : `${shown}?${parameters}`;
}

function isHarmless(parameter: string): boolean {
  const [key = '', ...value] = parameter.split('=');
  return isHarmlessName(key) && !mayHoldSecret(value.join('='));
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

/** A value without any of these characters holds nothing that could be a secret by name. */
function mayHoldSecret(value: string): boolean {
  return /[%=]|\/\//.test(value) && holdsSecret(value);
}

function isReadable(key: string): boolean {
  try {
    decodeURIComponent(key);
    return true;
  } catch {
    return false;
  }
}
