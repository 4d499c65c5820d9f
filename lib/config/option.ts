import type { ValueType } from './value-type.js';

/** An option; its names follow from its place in the table of options. */
export interface Option<T> {
  readonly type: ValueType<T>;
  readonly default: T;
  /** Its value is never shown. */
  readonly secret?: true;
  /** For the documentation. */
  readonly purpose: string;
}

/** An option for each value of a section. */
export type SectionRows<C> = { readonly [K in keyof C]-?: Option<C[K]> };
