/** How the challenge of a 401 is made. */
export interface ChallengeOptions {
  readonly realm: string;
  /** Whether tokens are accepted too. */
  readonly bearer: boolean;
}

/**
 * The values of `WWW-Authenticate`, one a line (RFC 9110 section 11.6.1; RFC 7617 section 2.1 for the charset; RFC 6750).
 *
 * The realm is a quoted string: quotes and backslashes are escaped, and what can't stand in a header at all becomes a
 * question mark.
 */
export function challenges({ realm, bearer }: ChallengeOptions): readonly string[] {
  const quoted = `"${realm.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
  const basic = `Basic realm=${quoted}, charset="UTF-8"`;
  return bearer ? [basic, `Bearer realm=${quoted}`] : [basic];
}
