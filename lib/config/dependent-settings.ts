import { options } from './options.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';

/** Adds settings that others imply and drops those that don't apply. */
export function dependentSettings(given: Settings): Settings {
  return new Map([...impliedStore(given), ...withoutIdleAuth(given)]);
}

/** If `auth.enabled` is false, the rest of its section is not checked. */
function withoutIdleAuth(given: Settings): Settings {
  const enabled = given.get('auth.enabled');
  if (enabled === undefined || readRawValue(enabled, options.auth.enabled) !== false) return given;
  return new Map([...given].filter(([id]) => id === 'auth.enabled' || !id.startsWith('auth.')));
}

/** A path without a type implies the type, and a type without a path the path. */
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
