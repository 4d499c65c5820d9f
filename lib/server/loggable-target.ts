import { hideSecrets, hideSubscriptionToken, holdsSecret, isSecretName } from '../index.js';

const PATH_ALONE = /^\/(?!\/)[^?&;%=@]*$/;

/**
 * A request target as it may be logged: without the query parameters `u` and `p` and what else tells a secret by its name, also
 * within another parameter and encoded, and without the user and password that an address (`http://user:password@host/`) can hold.
 *
 * It removes more than would be read as credentials: a client that got the spelling wrong still sent its password.
 */
export function loggableTarget(target: string): string {
  if (PATH_ALONE.test(target)) return hideSubscriptionToken(target);
  const end = target.search(/[?&;]|$/);
  const shown = hideSubscriptionToken(hideSecrets(target.slice(0, end)));
  const parameters = target.slice(end).split(/[?&;]/).filter(isHarmless).join('&');
  return parameters === '' ? shown : `${shown}?${parameters}`;
}

function isHarmless(parameter: string): boolean {
  const [key = '', ...value] = parameter.split('=');
  if (key === '' || !isReadable(key) || isSecretName(key)) return false;
  return !holdsSecret(value.join('=')) && !holdsSecret(key);
}

function isReadable(key: string): boolean {
  try {
    decodeURIComponent(key);
    return true;
  } catch {
    return false;
  }
}
