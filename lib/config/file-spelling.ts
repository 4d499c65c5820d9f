/** The same options by the names they have in kapacitor.conf: `'meta-use-tls'` for `metaUseTls`. */
export type FileSpelling<T> = { readonly [K in keyof T & string as KebabCase<K>]?: T[K] };

/** `metaUseTls` as `meta-use-tls`. */
export type KebabCase<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${KebabCase<Rest>}`
  : S;
