/**
 * A kind of value, and its form in each source. Reading returns undefined for a value that is not
 * accepted.
 */
export interface ValueType<T> {
  /** For the documentation. */
  readonly name: string;
  /** For error messages, after "accepted:". */
  readonly accepts: string;
  /** Reads a value that has a type of its own: from code or TOML. */
  fromValue(value: unknown): T | undefined;
  /** Reads text that stands for a value: from the environment or an .ini file. */
  fromText(text: string): T | undefined;
  /** The value as kapacitor.conf spells it. */
  print(value: T): string | number | boolean;
}

/** A kind of value that is text in every source. */
export function textual<T>(
  name: string,
  accepts: string,
  fromText: (text: string) => T | undefined,
  print: (value: T) => string = String,
): ValueType<T> {
  const fromValue = (value: unknown): T | undefined =>
    typeof value === 'string' ? fromText(value) : undefined;
  return { name, accepts, fromText, fromValue, print };
}
