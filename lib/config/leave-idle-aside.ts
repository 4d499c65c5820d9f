import type { LeftAside } from './config.js';
import { options } from './options.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';

/** The values of a configuration file, parted into those that count and those that don't. */
export interface CountingSettings {
  readonly counting: Settings;
  readonly leftAside: readonly LeftAside[];
}

/** Values of `[auth]` that count though their file switches `[auth]` off: they can do no harm. */
const HARMLESS: readonly string[] = ['auth.cache-expiration', 'auth.bcrypt-cost'];

/**
 * Leaves values aside that configure something that the same file switches off. Kapacitor never
 * used such values: the kapacitor.conf that it installs names a meta node that does not exist. Once
 * authentication is switched on elsewhere, that node would get every password.
 *
 * @param isNamed - false for a file that was only found: there a missing `auth.enabled` means
 *   false, as for Kapacitor
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

/** Returns a function from an option to the reason why it is idle in a file, if it is. */
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

/** @param missing - the meaning of an option that the file does not give */
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
