/**
 * Lists the keys of an object itself, none of its prototype: anybody can add to Object.prototype.
 */
export function ownKeys<T extends object>(object: T): Extract<keyof T, string>[] {
  return Object.keys(object).filter((key) => isOwnKey(object, key));
}

/** True if the object itself has the key. */
export function isOwnKey<T extends object>(
  object: T,
  key: string,
): key is Extract<keyof T, string> {
  return Object.hasOwn(object, key);
}
