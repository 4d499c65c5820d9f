import type { ValueType } from './value-type.js';

/** What an option is; its names follow from its place in {@link options}. */
export interface Option<T> {
  readonly type: ValueType<T>;
  readonly default: T;
  /** Whether its value must never be shown. */
  readonly secret?: true;
  /** For the documentation. */
  readonly purpose: string;
}

/** One option for each value of a section. */
export type SectionRows<C> = { readonly [K in keyof C]-?: Option<C[K]> };
