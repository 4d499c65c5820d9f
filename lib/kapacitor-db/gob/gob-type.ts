/** The form of a value in a gob stream. */
export type GobType =
  | { readonly kind: 'bool' | 'int' | 'uint' | 'float' | 'bytes' | 'text' }
  | { readonly kind: 'list'; readonly element: number; readonly length?: number }
  | { readonly kind: 'map'; readonly key: number; readonly element: number }
  | { readonly kind: 'struct'; readonly fields: readonly GobField[] };

export interface GobField {
  readonly name: string;
  /** The number of the field's type. */
  readonly type: number;
}

/** Types by number. */
export type GobTypes = Map<number, GobType>;
