import { inspect } from 'node:util';
import { ownKeys } from './own-keys.js';

/** What is shown instead of a secret. */
export function secretState(secret: unknown): string {
  return secret === '' || secret === undefined ? '(not set)' : '(set)';
}

/** Freezes an object that shows itself, to `JSON.stringify` and `util.inspect`, without some of its values. */
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
