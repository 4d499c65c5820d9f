import { TomlFloat } from './sources/toml-float.js';

/**
 * Text that may hold a secret, whatever its option: a URL with a password, the content of a key
 * file.
 */
const TELLING = /[@\n]|-----BEGIN/;

const PLAIN: readonly string[] = ['number', 'bigint', 'boolean'];

/** Prints a value for a message. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') {
    return TELLING.test(value) ? 'a text (not shown)' : JSON.stringify(value);
  }
  if (value instanceof TomlFloat) return 'a float (with a point or an exponent)';
  return PLAIN.includes(typeof value) ? String(value) : `a value of type ${typeof value}`;
}
