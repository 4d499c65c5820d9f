import type { LeftOut } from './file-users.js';
import type { SubscriptionReport } from './import-subscriptions.js';

interface Summed extends SubscriptionReport {
  readonly leftOut: readonly LeftOut[];
  readonly subscriptions: SubscriptionReport;
}

/** Returns the sum of an import: everything that the database of a Kapacitor holds is in it. */
export function importSum({ leftOut, subscriptions, ...users }: Summed, dryRun: boolean): string {
  const leftOutOf = (kind: LeftOut['kind']): number =>
    leftOut.filter((left) => left.kind === kind).length;
  const parts = [
    sum('users', users, leftOutOf('user')),
    sum('subscription tokens', subscriptions, leftOutOf('subscription')),
    ...(leftOutOf('privilege') > 0
      ? [`${String(leftOutOf('privilege'))} privileges left out`]
      : []),
  ];
  return `sum${dryRun ? ', if it were done' : ''}: ${parts.join('; ')}`;
}

function sum(what: string, { added, updated, existing }: SubscriptionReport, left: number): string {
  const counts = [added.length, updated.length, existing.length, left];
  const all = counts.reduce((total, one) => total + one, 0);
  const [isAdded, isUpdated, isThere, isLeft] = counts.map(String);
  return `${String(all)} ${what}: ${isAdded ?? ''} added, ${isUpdated ?? ''} updated, ${isThere ?? ''} there already, ${isLeft ?? ''} left out`;
}
