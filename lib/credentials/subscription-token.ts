import { createHash, randomBytes } from 'node:crypto';

/** Ends the cluster's name in a token. */
const DELIMITER = ';';

/**
 * Random bytes in a token: as many as in Kapacitor's, and the least that a given token must have.
 */
const RANDOM_BYTES = 64;
const MIN_RANDOM_BYTES = 32;

/**
 * Makes a subscription token in Kapacitor's form: the URL-safe base64 of
 * `<cluster>;<64 random bytes>`, without padding.
 *
 * @param cluster - the name of the InfluxDB that will push with it; without a semicolon
 */
export function makeSubscriptionToken(cluster: string): string {
  return Buffer.concat([Buffer.from(cluster + DELIMITER), randomBytes(RANDOM_BYTES)]).toString(
    'base64url',
  );
}

/**
 * Reads the cluster's name from a token in Kapacitor's form. Undefined for any other text, and for
 * a token that is too short to be kept as a plain digest.
 */
export function clusterOfToken(token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const end = bytes.indexOf(DELIMITER);
  if (bytes.toString('base64url') !== token || end < 1) return undefined;
  if (bytes.length - end - 1 < MIN_RANDOM_BYTES) return undefined;
  const cluster = bytes.subarray(0, end);
  const name = cluster.toString();
  return Buffer.from(name).equals(cluster) ? name : undefined;
}

/**
 * The SHA-256 of a token in 64 hexadecimal digits: only this is kept. A token is random and long,
 * so nobody finds it from its digest: that needs no key and no rounds.
 */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
