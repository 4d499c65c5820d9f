/**
 * An object made by a literal, a parser or `Object.create(null)`: no list, date or instance of a
 * class.
 */
export type PlainObject = Readonly<Record<string, unknown>>;

/** True for an object that is nothing but its own properties. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Other realms (node:vm) have an Object.prototype of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
