import type { GrantedSubscription, SubscriptionInfo } from '../../index.js';

/** Where a subscription is made in an InfluxDB. */
export interface Place {
  readonly database: string;
  readonly retentionPolicy: string;
}

/** `"telegraf"."autogen"`, as InfluxQL writes it. */
export function quotePlace({ database, retentionPolicy }: Place): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(retentionPolicy)}`;
}

/**
 * The statement that makes an InfluxDB 1.x push with a token. It sends what stands before the `@` of the destination as Basic
 * credentials.
 *
 * @param gateway - where it reaches the gateway
 */
export function createSubscription(
  { id, token }: Pick<GrantedSubscription, 'id' | 'token'>,
  place: Place,
  gateway: URL,
): string {
  const url = destination({ token }, gateway);
  return `CREATE SUBSCRIPTION ${quoteIdentifier(nameOf(id))} ON ${quotePlace(place)} DESTINATIONS ALL ${quoteString(url)}`;
}

/** Where an InfluxDB sends points with a token. */
export function destination({ token }: Pick<GrantedSubscription, 'token'>, gateway: URL): string {
  const url = new URL(gateway);
  url.username = '~subscriber';
  url.password = token;
  return url.href.replace(/\/$/, '');
}

/** The line of `[[influxdb]]` by which Kapacitor gives the token to an InfluxDB, in the path of its own address. */
export function subscriptionPath({ token }: Pick<GrantedSubscription, 'token'>): string {
  return `subscription-path = "/subscribe/${token}"`;
}

/** The statement that ends what {@link createSubscription} began; undefined where the retention policy is not known. */
export function dropSubscription({
  id,
  database,
  retentionPolicy,
}: SubscriptionInfo): string | undefined {
  if (retentionPolicy === undefined) return undefined;
  return `DROP SUBSCRIPTION ${quoteIdentifier(nameOf(id))} ON ${quotePlace({ database, retentionPolicy })}`;
}

/** The name of a subscription in InfluxDB, which tells its token's id. */
function nameOf(id: string): string {
  return `kapacitor-auth-${id}`;
}

function quoteIdentifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function quoteString(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
