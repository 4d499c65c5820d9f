/** A place in a record, and the problem there. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The outcome of reading a record: its meaning, or its problems. */
export type Read<T> =
  | { readonly data: T; readonly problems?: undefined }
  | { readonly data?: undefined; readonly problems: readonly Problem[] };

/** Tells values of a form from all others. */
export type Form<T> = (value: unknown) => value is T;

/**
 * Reads the fields of a record, and notes all problems. It is our own, since a server reads users
 * before it can answer: a library of schemas takes longer to load than all of SQLite.
 */
export class RecordReader {
  readonly problems: Problem[] = [];
  readonly #record: object;

  constructor(record: object) {
    this.#record = record;
  }

  /** Notes a problem. */
  note(message: string, ...path: readonly PropertyKey[]): void {
    this.problems.push({ path, message });
  }

  /** Reads a field of a form; notes a problem and returns undefined if it has another. */
  field<T>(key: string, form: Form<T>, wrong: string): T | undefined {
    const value: unknown = Reflect.get(this.#record, key);
    if (form(value)) return value;
    this.note(wrong, key);
    return undefined;
  }

  /** Reads a field that may be left out. */
  optional<T>(key: string, form: Form<T>, wrong: string): T | undefined {
    if (Reflect.get(this.#record, key) === undefined) return undefined;
    return this.field(key, form, wrong);
  }

  /** Reads a list, which is empty if left out; undefined if it or an item has another form. */
  list<T>(
    key: string,
    form: Form<T>,
    wrong: { readonly list: string; readonly item: string },
  ): readonly T[] | undefined {
    const value: unknown = Reflect.get(this.#record, key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.note(wrong.list, key);
      return undefined;
    }
    const items: T[] = [];
    // A hole is an item without a value.
    for (const [index, item] of Array.from<unknown>(value).entries()) {
      if (form(item)) items.push(item);
      else this.note(wrong.item, key, index);
    }
    return items.length === value.length ? items : undefined;
  }

  /** Notes keys of the record that are none of these. */
  noOthers(keys: readonly string[]): void {
    const others: string[] = [];
    // Inherited ones count, too, as their values do.
    for (const key in this.#record) if (!keys.includes(key)) others.push(JSON.stringify(key));
    if (others.length === 0) return;
    this.note(`Unrecognized ${others.length > 1 ? 'keys' : 'key'}: ${others.join(', ')}`);
  }
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** Returns true for a time in UTC (ISO 8601), on a day that exists. */
export function isTime(value: unknown): value is string {
  if (!isText(value)) return false;
  const [day = '', time = '', ...rest] = value.split('T');
  if (rest.length > 0 || !DAY.test(day) || !TIME_OF_DAY.test(time)) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
