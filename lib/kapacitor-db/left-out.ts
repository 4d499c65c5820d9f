/** Something in a kapacitor.db that is not taken over, or not as it was. */
export interface LeftOut {
  /** A whole user, one of its privileges, or a subscription. */
  readonly kind: 'user' | 'privilege' | 'subscription';
  /** The user, or the id of the subscription; a token is never shown. */
  readonly name: string;
  /** The part that is left out, and the reason: `no grant can say "read" on "/api"`. */
  readonly reason: string;
  /** The command that does it by hand, if there is one. */
  readonly command?: string;
}

/**
 * A command about a user. A name that a shell or the command line could misread is left to be
 * filled in.
 *
 * @param words - of the command, before and after the name
 */
export function userCommand(verb: string, name: string, ...rest: readonly string[]): string {
  const plain = /^[\p{L}0-9_@.][\p{L}0-9\-._@]*$/u.test(name) ? name : 'NAME';
  return ['kapacitor-auth users', verb, plain, ...rest].join(' ');
}
