import type { LeftAside } from './config.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';
import { options } from './options.js';

/** What of a configuration file counts, and what does not. */
export interface CountingSettings {
  readonly counting: Settings;
  readonly leftAside: readonly LeftAside[];
}

/** Values of `[auth]` that can do no harm, however idle they were in the file. Neither can what is empty. */
const HARMLESS: readonly string[] = ['auth.cache-expiration', 'auth.bcrypt-cost'];

/**
 * Leaves aside what a file says of something that the same file switches off. Kapacitor never used such values: the
 * kapacitor.conf that it installs names a meta node that is not there, which would get every password once authentication is
 * switched on elsewhere.
 *
 * @param isNamed - whether somebody named the file; in one that was only found, a missing `auth.enabled` is Kapacitor's `false`
 */
export function leaveIdleAside(settings: Settings, isNamed: boolean): CountingSettings {
  const counting = new Map<string, RawValue>();
  const leftAside: LeftAside[] = [];
  const why = idleness(settings, isNamed);
  for (const [id, given] of settings) {
    const reason = given.value === '' ? undefined : why(id);
    if (reason === undefined) counting.set(id, given);
    else leftAside.push(Object.freeze({ key: id, origin: given.origin, reason }));
  }
  return { counting, leftAside: Object.freeze(leftAside) };
}

/** Tells of an option why it is idle in a file; undefined where it is not. */
function idleness(settings: Settings, isNamed: boolean): (id: string) => string | undefined {
  const authIs = switchOf(settings.get('auth.enabled'), options.auth.enabled, isNamed);
  const httpIs = switchOf(settings.get('http.auth-enabled'), options.http.authEnabled, isNamed);
  const authReason = idle('auth.enabled', settings, authIs);
  const httpReason = idle('http.auth-enabled', settings, httpIs);
  return (id) => {
    if (id === 'http.shared-secret') return httpReason;
    const isOfAuth = id.startsWith('auth.') && id !== 'auth.enabled';
    return isOfAuth && !HARMLESS.includes(id) ? authReason : undefined;
  };
}

/** @param missing - what it means that the file does not say it */
function switchOf(
  given: RawValue | undefined,
  option: typeof options.auth.enabled,
  missing: boolean,
): boolean {
  return given === undefined ? missing : readRawValue(given, option) === true;
}

function idle(key: string, settings: Settings, isOn: boolean): string | undefined {
  if (isOn) return undefined;
  const says = settings.has(key) ? 'does not say' : 'is one that nobody named and does not say';
  return `does not count, since its file ${says} ${key} = true; if it should, say so there, or set it in code or the environment`;
}
