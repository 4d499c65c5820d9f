/** Limit of the length of a remembered target, in characters. */
const LONGEST = 128;

/**
 * A target without a query and in plain letters, so that no other spelling of `subscribe` and no
 * password before an `@` can be in it.
 */
const PLAIN = /^(?!.*subscribe)[\w./~-]*$/i;

/**
 * Returns true if a memory may hold a request target: a short one that can't hold a password or the
 * token of a subscription, even if its path is misspelt.
 */
export function isMemorableTarget(target: string): boolean {
  return target.length <= LONGEST && PLAIN.test(target);
}
