interface ErrorClass {
  readonly prototype: Error;
}

/** The version of what a mark promises: which members the errors of a class have. */
const VERSION = 1;

const marks = new Map<unknown, symbol>();

/**
 * Marks classes of errors, so that {@link isErrorOf} finds their errors whichever copy of this code
 * made them. Bundlers and installs may load the code twice, each time with classes of its own.
 *
 * @param classes - by their names, which are the same in all copies
 */
export function markErrors(classes: Readonly<Record<string, ErrorClass>>): void {
  for (const [name, type] of Object.entries(classes)) {
    const mark = Symbol.for(`kapacitor-auth.errors.${String(VERSION)}.${name}`);
    marks.set(type, mark);
    Object.defineProperty(type.prototype, mark, { value: true });
  }
}

/** Returns true if a value is an error of a class, or of the same class in another copy. */
export function isErrorOf(type: unknown, value: unknown): boolean {
  if (Function.prototype[Symbol.hasInstance].call(type, value)) return true;
  const mark = marks.get(type);
  return mark !== undefined && typeof value === 'object' && value !== null && mark in value;
}
