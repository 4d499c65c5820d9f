/** A whole bcrypt hash: scheme, cost 04 to 31, 22 characters of salt, 31 of digest. */
const BCRYPT_HASH = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/**
 * Returns true if a string is a bcrypt hash that can be verified: `$2a$`, `$2b$` or `$2y$`. Any
 * other scheme must be refused when it is loaded; it is never compared as text.
 */
export function isBcryptHash(hash: string): boolean {
  return BCRYPT_HASH.test(hash);
}

/** The cost of a bcrypt hash: log2 of its rounds. */
export function bcryptHashCost(hash: string): number {
  return Number(hash.slice(4, 6));
}

/** A cost that is still usable: about three seconds of one core at each login. */
const USABLE_COST = 16;

/**
 * The highest cost of a hash that is accepted. A login with an unknown name costs as much as the
 * costliest hash, and each step doubles that: one hash of cost 31 would stop all logins for hours.
 *
 * @param cost - `auth.bcrypt-cost`; if it is higher, hashes of that cost are accepted too
 */
export function highestUsableCost(cost: number): number {
  return Math.max(USABLE_COST, cost);
}

/** Renames the scheme to the one that the verifier knows: `$2y$` (htpasswd, PHP) becomes `$2b$`. */
export function normalizeBcryptHash(hash: string): string {
  return hash.startsWith('$2y$') ? `$2b$${hash.slice(4)}` : hash;
}
