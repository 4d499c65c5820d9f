import { clusterOfToken, digestOfToken } from '../credentials/subscription-token.js';
import { includesPrivilege } from '../privileges/privilege.js';
import { effectiveRights, rightsAt } from './effective-rights.js';
import { databaseName, isAmbiguousDatabase, isOfDatabases } from './grant-place.js';
import type { Understood } from './imported-user.js';
import type { UserRecord } from './user-record.js';

/** A subscription of Kapacitor's, without its token. */
export interface ImportedSubscription {
  /** SHA-256 of the token: 64 hexadecimal digits. */
  readonly digest: string;
  /** The InfluxDB that pushes with it, by the name that the token holds. */
  readonly cluster: string;
  /** The database that it may write to; empty for every database. */
  readonly database: string;
}

/** Begins the names under which Kapacitor keeps tokens; the token follows in clear. */
const PREFIX = '_sub:';

/** Digits of the digest that identify a subscription, as `subscriptions list` shows them. */
const ID_DIGITS = 16;

/** The places that Kapacitor's own grant of a token names beside the database. */
const USUAL: readonly string[] = ['/api/write', '/api/ping'];

const COMMAND = 'kapacitor-auth subscriptions grant --db DATABASE --token-stdin';

/** Returns true if a user of Kapacitor holds a subscription token: its name must not be shown. */
export function isSubscription({ name }: UserRecord): boolean {
  return name.startsWith(PREFIX);
}

/** Takes over a subscription token as a digest. */
export function importedSubscription(record: UserRecord): Understood<ImportedSubscription> {
  const token = record.name.slice(PREFIX.length);
  const digest = digestOfToken(token);
  const cluster = clusterOfToken(token);
  const place = databaseOf(record);
  const reason =
    cluster === undefined
      ? "its token has not the form of Kapacitor's, so it can't be kept as a digest"
      : typeof place === 'string'
        ? undefined
        : place.reason;
  if (reason === undefined && cluster !== undefined && typeof place === 'string') {
    return { taken: Object.freeze({ digest, cluster, database: place }), leftOut: [] };
  }
  const name = digest.slice(0, ID_DIGITS);
  const told = `${reason ?? ''}; InfluxDB shows the token by SHOW SUBSCRIPTIONS`;
  return { leftOut: [{ kind: 'subscription', name, reason: told, command: COMMAND }] };
}

/** The database that a token may write to, or the reason why that can't be told. */
function databaseOf({ privileges }: UserRecord): string | { readonly reason: string } {
  const rights = effectiveRights(privileges);
  if (rights === undefined) return { reason: 'it has a privilege that Kapacitor refuses' };
  const [resource = '', another] = [...rights.keys()].filter((each) => !USUAL.includes(each));
  const mayWrite = ['/api/write', resource].every((each) =>
    includesPrivilege(rightsAt(rights, each), 'write'),
  );
  if (another !== undefined || !isOfDatabases(resource) || !mayWrite) {
    return { reason: 'it may do something else than write to one database' };
  }
  const name = databaseName(resource);
  if (name !== undefined) return name;
  return {
    reason: isAmbiguousDatabase(resource)
      ? `the name of its database has a slash, and Kapacitor didn't keep where: ${JSON.stringify(resource)}`
      : `${JSON.stringify(resource)} is no database of Kapacitor's`,
  };
}
