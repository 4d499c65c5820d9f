/**
 * Shows an object with some of its members replaced. All others are its own, also those that the
 * type does not name.
 */
export function overlaid<T extends object>(inner: T, members: Partial<T>): T {
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(inner, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const known = bound.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // A method finds its private members only in the object itself.
      const method: unknown = value.bind(target);
      bound.set(name, method);
      return method;
    },
  });
}
