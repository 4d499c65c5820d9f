import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';
import { options } from './options.js';

/** What is given, with what follows from it: one option's value can decide another's, or that others don't count. */
export function dependentSettings(given: Settings): Settings {
  return new Map([...impliedStore(given), ...withoutIdleAuth(given)]);
}

/** While `auth.enabled` is false the rest of its section isn't judged. */
function withoutIdleAuth(given: Settings): Settings {
  const enabled = given.get('auth.enabled');
  if (enabled === undefined || readRawValue(enabled, options.auth.enabled) !== false) return given;
  return new Map([...given].filter(([id]) => id === 'auth.enabled' || !id.startsWith('auth.')));
}

/** A path alone says which type it is for, a type alone which path. */
function impliedStore(given: Settings): Settings {
  const type = given.get('store.type');
  const path = given.get('store.path');
  const implied = new Map<string, RawValue>();
  if (path !== undefined && readRawValue(path, options.store.path)?.endsWith('.json')) {
    implied.set('store.type', { ...path, value: 'file' });
  }
  if (type !== undefined && readRawValue(type, options.store.type) === 'file') {
    implied.set('store.path', { value: 'kapacitor-auth.json', origin: 'default', isText: false });
  }
  return implied;
}
