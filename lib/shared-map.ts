/**
 * Returns the map of a name that all copies of this code in a process share. Bundlers and installs
 * may load the code twice, and what one copy keeps for an object another must find.
 *
 * @param name - also tells the form of the values: it changes with that
 */
export function sharedMap<Value>(name: string): WeakMap<object, Value> {
  const key = Symbol.for(`kapacitor-auth.${name}`);
  const known: unknown = Reflect.get(globalThis, key);
  if (isMap<Value>(known)) return known;
  const made = new WeakMap<object, Value>();
  Object.defineProperty(globalThis, key, { value: made });
  return made;
}

function isMap<Value>(value: unknown): value is WeakMap<object, Value> {
  return value instanceof WeakMap;
}
