/**
 * A float of TOML, such as `10.0` or `1e3`. No option of ours is one, and TOML keeps the two kinds of numbers apart, as Go and so
 * Kapacitor do; JavaScript doesn't.
 */
export class TomlFloat {
  readonly kind: 'float' = 'float' as const;
}
