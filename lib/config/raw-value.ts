import type { Option } from './option.js';

/** A value that a source gives for an option, not checked yet. */
export interface RawValue {
  readonly value: unknown;
  /** `code`, a variable's name, or `file:line`. */
  readonly origin: string;
  /** The value is text that stands for a value, as in the environment. */
  readonly isText: boolean;
  /** The reason to refuse it whatever its type. */
  readonly problem?: string;
}

/** Raw values by `section.key`. */
export type Settings = ReadonlyMap<string, RawValue>;

/** Reads a raw value as the type of its option says; returns undefined if it is not accepted. */
export function readRawValue<T>(
  { value, isText, problem }: RawValue,
  { type }: Option<T>,
): T | undefined {
  if (problem !== undefined) return undefined;
  return isText && typeof value === 'string' ? type.fromText(value) : type.fromValue(value);
}
