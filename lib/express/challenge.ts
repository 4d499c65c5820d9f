export interface ChallengeOptions {
  readonly realm: string;
  /** True if tokens are accepted too. */
  readonly bearer: boolean;
}

/**
 * The values of `WWW-Authenticate`, one for each line of the header (RFC 9110 section 11.6.1; RFC
 * 7617 section 2.1 for the charset; RFC 6750).
 *
 * The realm is a quoted string: quotes and backslashes are escaped, and characters that a header
 * can't hold become question marks.
 */
export function challenges({ realm, bearer }: ChallengeOptions): readonly string[] {
  const quoted = `"${realm.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
  const basic = `Basic realm=${quoted}, charset="UTF-8"`;
  return bearer ? [basic, `Bearer realm=${quoted}`] : [basic];
}
