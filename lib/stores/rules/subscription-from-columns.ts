import { SUBSCRIBER_NAME } from '../../credentials/parse.js';
import type { StoredSubscription } from '../subscription-store.js';
import { readSubscription } from './stored-subscription.js';
import { UnusableUserError } from './unusable-user.js';

/** The columns of a subscription's row; the retention policy is empty for all of a database. */
export interface SubscriptionColumns {
  readonly digest: string | undefined;
  readonly cluster: string | undefined;
  readonly database: string | undefined;
  readonly retentionPolicy: string | undefined;
  readonly created: string | undefined;
}

/** The columns of a row, in their order. */
export const SUBSCRIPTION_COLUMNS = 'digest, cluster, database, retention_policy, created';

/** Characters of a digest that tell it from all others. */
const ID_DIGITS = 16;

/**
 * Makes a subscription of a row.
 *
 * @param shown - the digest as it is shown to people
 * @throws UnusableUserError if another program wrote unusable values
 */
export function subscriptionFromColumns(
  { retentionPolicy, ...others }: SubscriptionColumns,
  shown: string,
): StoredSubscription {
  const { data, problems } = readSubscription({
    ...others,
    ...(retentionPolicy !== '' && { retentionPolicy }),
  });
  if (data !== undefined) return data;
  throw unusableSubscription(
    shown,
    others.database,
    problems.map(({ message }) => message),
  );
}

/** Makes the error for a damaged token. A token has no user of its own, only the subscriber. */
export function unusableSubscription(
  shown: string,
  database: string | undefined,
  problems: readonly string[],
): UnusableUserError {
  const place = database === undefined ? '' : ` to ${JSON.stringify(database)}`;
  const problem = `a subscription ${shown.slice(0, ID_DIGITS)}${place} that can't be used: ${problems.join('; ')}`;
  return new UnusableUserError(SUBSCRIBER_NAME, problem, 'revoke it, and grant another');
}
