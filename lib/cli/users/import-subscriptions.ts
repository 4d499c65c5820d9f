import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredSubscription, Subscriptions } from '../../index.js';
import { InvalidRequestError } from '../../index.js';
import type { LeftOut } from './file-users.js';
import type { ImportSettings } from './import-users.js';

/** The result for subscription tokens, by their ids. */
export interface SubscriptionReport {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** Tokens that were granted already and are unchanged. */
  readonly existing: readonly string[];
}

/** The result, and why it may not be all. */
export interface ImportedSubscriptions {
  readonly report: SubscriptionReport;
  readonly leftOut: readonly LeftOut[];
  readonly failure?: Error;
  readonly stopped?: NodeJS.Signals;
}

/** Digits of the digest that identify a subscription. */
const ID_DIGITS = 16;

const KEPT_NOWHERE = 'this store keeps no subscription tokens';

/**
 * Takes over subscription tokens, one after another. A failure on the way does not hide what was
 * done before.
 *
 * @param subscriptions - those of the store; undefined if it keeps none
 */
export async function importSubscriptions(
  subscriptions: Subscriptions | undefined,
  brought: readonly StoredSubscription[],
  { update, dryRun, stopSignal }: ImportSettings,
): Promise<ImportedSubscriptions> {
  const report: Record<keyof SubscriptionReport, string[]> = {
    added: [],
    updated: [],
    existing: [],
  };
  const leftOut: LeftOut[] = [];
  if (subscriptions === undefined) {
    return { report, leftOut: brought.map((each) => left(idOf(each), KEPT_NOWHERE)) };
  }
  const bring = async (subscription: StoredSubscription, isThere: boolean): Promise<void> => {
    const id = idOf(subscription);
    const problem = dryRun ? undefined : await put(subscriptions, subscription);
    if (problem === undefined) report[isThere ? 'updated' : 'added'].push(id);
    else leftOut.push(left(id, problem));
  };
  try {
    const there = await idsOf(subscriptions);
    for (const subscription of brought) {
      await nextTurn();
      const stopped = stopSignal?.();
      if (stopped !== undefined) return { report, leftOut, stopped };
      const isThere = there.has(idOf(subscription));
      if (isThere && !update) report.existing.push(idOf(subscription));
      else await bring(subscription, isThere);
    }
    return { report, leftOut };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { report, leftOut, failure };
  }
}

function idOf({ digest }: StoredSubscription): string {
  return digest.slice(0, ID_DIGITS);
}

function left(id: string, reason: string): LeftOut {
  return { kind: 'subscription', place: `subscription ${id}`, name: id, reason };
}

async function idsOf(subscriptions: Subscriptions): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const onUnusable = ({ name }: { readonly name: string }): void => void ids.add(name);
  for (const { id } of await subscriptions.list({ onUnusable })) ids.add(id);
  return ids;
}

/** Returns the reason why a subscription can't be kept, if so. */
async function put(
  subscriptions: Subscriptions,
  subscription: StoredSubscription,
): Promise<string | undefined> {
  try {
    await subscriptions.put(subscription);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidRequestError) return `can't be taken: ${error.message}`;
    throw error;
  }
}
