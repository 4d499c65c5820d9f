/** The keys an object has itself, whatever its prototype was made to have. */
export function ownKeys<T extends object>(object: T): Extract<keyof T, string>[] {
  return Object.keys(object).filter((key) => isOwnKey(object, key));
}

/** Whether an object has a key itself. */
export function isOwnKey<T extends object>(
  object: T,
  key: string,
): key is Extract<keyof T, string> {
  return Object.hasOwn(object, key);
}
