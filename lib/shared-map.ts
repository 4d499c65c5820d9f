/**
 * Returns the map of a name that all copies of this code in a process share. Bundlers and installs
 * may load the code twice, and what one copy keeps for an object another must find. If something
 * else holds the name's place and can't be replaced, each copy has a map of its own.
 *
 * @param name - ends in the version of the form of the values (`users.1`). Copies of different
 *   versions of the package meet here: if the form changes, so does that number
 */
export function sharedMap<Value>(name: string): WeakMap<object, Value> {
  const key = Symbol.for(`kapacitor-auth.${name}`);
  const known: unknown = Reflect.get(globalThis, key);
  if (isMap<Value>(known)) return known;
  const made = new WeakMap<object, Value>();
  // Fails for a global object that takes no more, or whose place is occupied.
  Reflect.defineProperty(globalThis, key, { value: made });
  return made;
}

function isMap<Value>(value: unknown): value is WeakMap<object, Value> {
  return value instanceof WeakMap;
}
