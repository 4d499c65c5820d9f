import { bcryptHashCost, highestUsableCost } from '../stores/rules/bcrypt-hash.js';
import type { StoredSubscription } from '../stores/subscription-store.js';
import type { ImportedUser } from './imported-user.js';
import type { LeftOut } from './left-out.js';
import { userCommand } from './left-out.js';
import type { KapacitorDbContent } from './read-snapshot.js';

/** The things to put into a store for the users of a kapacitor.db. */
export interface ImportPlan {
  /** Administrators first, so that there is one at any time. */
  readonly users: readonly ImportedUser[];
  /** The subscriptions, in the order of the file. */
  readonly subscriptions: readonly StoredSubscription[];
  /** Everything that is not taken over as it was. */
  readonly leftOut: readonly LeftOut[];
  /** Users whose hash costs less than is asked for; the first login renews it. */
  readonly renewed: readonly string[];
}

/**
 * Plans the import of a kapacitor.db.
 *
 * @param cost - `auth.bcrypt-cost`: a hash that costs far more would slow down every login
 * @param created - the time to keep for the subscriptions: ISO 8601, UTC
 */
export function planImport(
  { users, subscriptions, leftOut }: KapacitorDbContent,
  { cost, created }: { readonly cost: number; readonly created: string },
): ImportPlan {
  const highest = highestUsableCost(cost);
  const isCostly = ({ hash }: ImportedUser): boolean => bcryptHashCost(hash) > highest;
  const usable = users.filter((user) => !isCostly(user));
  const costly = users.filter(isCostly).map(({ name, hash }): LeftOut => {
    const reason = `its hash has cost ${String(bcryptHashCost(hash))}, which would slow down every login; ${String(highest)} is the most`;
    return { kind: 'user', name, reason, command: userCommand('add', name) };
  });
  return {
    users: [
      ...usable.filter(({ type }) => type === 'admin'),
      ...usable.filter(({ type }) => type !== 'admin'),
    ],
    subscriptions: subscriptions.map((subscription) => ({ ...subscription, created })),
    leftOut: [...leftOut, ...costly],
    renewed: usable.filter(({ hash }) => bcryptHashCost(hash) < cost).map(({ name }) => name),
  };
}
