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
  const destination = new URL(gateway);
  destination.username = '~subscriber';
  destination.password = token;
  const url = destination.href.replace(/\/$/, '');
  return `CREATE SUBSCRIPTION ${quoteIdentifier(nameOf(id))} ON ${quotePlace(place)} DESTINATIONS ALL ${quoteString(url)}`;
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
