import { inspect } from 'node:util';
import { ownKeys } from './own-keys.js';

/** Tells if a secret is set, instead of showing it. */
export function secretState(secret: unknown): string {
  return secret === '' || secret === undefined ? '(not set)' : '(set)';
}

/** Freezes an object, and hides some of its values from `JSON.stringify` and `util.inspect`. */
export function redact<T extends object>(object: T, hidden: readonly string[]): Readonly<T> {
  const value = (): unknown =>
    Object.fromEntries(
      ownKeys(object).map((name) => [
        name,
        hidden.includes(name) ? secretState(object[name]) : object[name],
      ]),
    );
  return Object.freeze(
    Object.defineProperties(object, { toJSON: { value }, [inspect.custom]: { value } }),
  );
}
