/** A subscription as statements name it. */
interface Named {
  readonly id: string;
}

/** The token of a subscription. */
interface Secret {
  readonly token: string;
}

/** The place of a subscription in an InfluxDB. */
export interface Place {
  readonly database: string;
  readonly retentionPolicy: string;
}

/** Writes a place as InfluxQL does: `"telegraf"."autogen"`. */
export function quotePlace({ database, retentionPolicy }: Place): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(retentionPolicy)}`;
}

/**
 * Returns the statement that makes an InfluxDB 1.x push with a token. InfluxDB sends the part
 * before the `@` of the destination as Basic credentials.
 *
 * @param gateway - the gateway's URL, as InfluxDB reaches it
 */
export function createSubscription(
  { id, token }: Named & Secret,
  place: Place,
  gateway: URL,
): string {
  const url = destination({ token }, gateway);
  return `CREATE SUBSCRIPTION ${quoteIdentifier(nameOf(id))} ON ${quotePlace(place)} DESTINATIONS ALL ${quoteString(url)}`;
}

/** Returns the URL to which an InfluxDB sends points with a token. */
export function destination({ token }: Secret, gateway: URL): string {
  const url = new URL(gateway);
  url.username = '~subscriber';
  url.password = token;
  return url.href.replace(/\/$/, '');
}

/**
 * Returns the line of `[[influxdb]]` by which Kapacitor gives the token to an InfluxDB, in the path
 * of its own address.
 */
export function subscriptionPath({ token }: Secret): string {
  return `subscription-path = "/subscribe/${token}"`;
}

/**
 * Returns the statement that undoes {@link createSubscription}; undefined without retention policy.
 */
export function dropSubscription({
  id,
  database,
  retentionPolicy,
}: Named & Pick<Place, 'database'> & { readonly retentionPolicy?: string | undefined }):
  string | undefined {
  if (retentionPolicy === undefined) return undefined;
  return `DROP SUBSCRIPTION ${quoteIdentifier(nameOf(id))} ON ${quotePlace({ database, retentionPolicy })}`;
}

/** Returns the name of a subscription in InfluxDB, which holds the id of its token. */
function nameOf(id: string): string {
  return `kapacitor-auth-${id}`;
}

function quoteIdentifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function quoteString(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

/**
 * Tells why a text can't be the URL of a gateway; undefined if it can.
 */
export function gatewayProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return 'a URL is http://host:port or https://host:port.';
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return 'a URL is without user, password, query and fragment.';
  }
  return undefined;
}
