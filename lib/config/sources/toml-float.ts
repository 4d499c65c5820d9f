/**
 * A float of TOML, such as `10.0` or `1e3`. No option takes one. TOML, and Kapacitor with it, keeps
 * integers and floats apart; JavaScript doesn't.
 */
export class TomlFloat {
  readonly kind: 'float' = 'float' as const;
}
