import type { Option } from './option.js';

/** A value that a source gives an option, not judged yet. */
export interface RawValue {
  readonly value: unknown;
  /** `code`, a variable's name, or `file:line`. */
  readonly origin: string;
  /** Whether the value is text that stands for a value, as in the environment. */
  readonly isText: boolean;
  /** What is wrong with it whatever its type. */
  readonly problem?: string;
}

/** What is given, by `section.key`. */
export type Settings = ReadonlyMap<string, RawValue>;

/** What a given value means for an option; undefined where it is not accepted. */
export function readRawValue<T>(
  { value, isText, problem }: RawValue,
  { type }: Option<T>,
): T | undefined {
  if (problem !== undefined) return undefined;
  return isText && typeof value === 'string' ? type.fromText(value) : type.fromValue(value);
}
