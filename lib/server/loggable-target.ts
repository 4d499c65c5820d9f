import { hideSecrets, hideSubscriptionToken, holdsSecret, isSecretName } from '../index.js';

/** How much of a path is shown, and of how long a query anything is, in characters. */
const LONGEST = 2_048;

/** How many names of parameters are known, and how long they may be for that, in characters. */
const MOST_NAMES = 256;
const LONGEST_NAME = 64;

const harmless = new Map<string, boolean>();

const PATH_ALONE = /^\/(?!\/)[^?&;%=@]*$/;

/**
 * A request target as it may be logged: without the query parameters `u` and `p` and what else tells a secret by its name, also
 * within another parameter and encoded, and without the user and password that an address (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still sent its password.
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

/** Few names come again and again: most requests need not be looked at closely. */
function isHarmlessName(key: string): boolean {
  const known = harmless.get(key);
  if (known !== undefined) return known;
  const isPlain = /^[^/]+$/.test(key) && isReadable(key) && !isSecretName(key) && !holdsSecret(key);
  if (harmless.size >= MOST_NAMES) harmless.clear();
  if (key.length <= LONGEST_NAME) harmless.set(key, isPlain);
  return isPlain;
}

/** A value without any of these is just that. */
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
