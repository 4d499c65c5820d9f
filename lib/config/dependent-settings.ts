import type { UserSource } from '../stores/user-store.js';
import { countsFailures } from './counts-failures.js';
import type { Option } from './option.js';
import { options } from './options.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';
import { impliedStore } from './store-settings.js';

/**
 * Adds settings that others imply and drops those that don't apply.
 *
 * @param source - the store given in code, if any
 */
export function dependentSettings(given: Settings, source?: UserSource): Settings {
  const settings = new Map([...impliedStore(given), ...withoutIdleAuth(given)]);
  return new Map([...impliedCounter(settings, source), ...settings]);
}

/** A store that counts failed logins for all processes does so unless it is told not to. */
function impliedCounter(settings: Settings, source: UserSource | undefined): Settings {
  const value = <T>(id: string, option: Option<T>): T | undefined => {
    const given = settings.get(id);
    return given && readRawValue(given, option);
  };
  const isCounting = countsFailures(source, {
    type: value('store.type', options.store.type),
    metaAddr: value('auth.meta-addr', options.auth.metaAddr),
  });
  const store: RawValue = { value: 'store', origin: 'default', isText: false };
  return new Map(isCounting ? [['throttle.store', store]] : []);
}

/** If `auth.enabled` is false, the rest of its section is not checked. */
function withoutIdleAuth(given: Settings): Settings {
  const enabled = given.get('auth.enabled');
  if (enabled === undefined || readRawValue(enabled, options.auth.enabled) !== false) return given;
  return new Map([...given].filter(([id]) => id === 'auth.enabled' || !id.startsWith('auth.')));
}
