import type { Logger } from '../../logger.js';
import type { ThrottleStore } from '../../stores/failure-counter.js';
import type { UserSource, WrapStore } from '../../stores/user-store.js';
import { isPlainObject } from '../plain-object.js';

// Checks of options, for plain JavaScript, which no compiler checks.

/** True for data that describes a store, false for a store, which has functions. */
export function isStoreSettings(value: unknown): boolean {
  return isPlainObject(value) && !Object.values(value).some(isFunction);
}

export function isUserSource(value: unknown): value is UserSource {
  return hasFunctions(value, 'find');
}

export function isThrottleStore(value: unknown): value is ThrottleStore {
  return isFunction(value);
}

export function isWrapStore(value: unknown): value is WrapStore {
  return isFunction(value);
}

export function isLogger(value: unknown): value is Logger {
  return hasFunctions(value, 'info', 'warn', 'error');
}

function hasFunctions(value: unknown, ...names: readonly string[]): boolean {
  // A list has a find too.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return names.every((name) => isFunction(Reflect.get(value, name)));
}

export function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isUserProperty(value: unknown): value is 'user' | 'kapacitorUser' {
  return value === 'user' || value === 'kapacitorUser';
}

export function isChallenge(value: unknown): value is boolean | (() => unknown) {
  return isBoolean(value) || isFunction(value);
}

export function isPathOrFalse(value: unknown): value is string | false {
  return value === false || (typeof value === 'string' && value !== '' && !value.includes('\0'));
}

export function isRealm(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}
