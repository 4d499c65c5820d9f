import type { ConfigProblem } from '../errors.js';
import type { Draft } from './apply-options.js';
import { countsFailures } from './counts-failures.js';
import type { CodeSource } from './sources/code-source.js';

/** Refuses `throttle.store = "store"` with a store that can't count failed logins. */
export function checkCounter(
  { auth, throttle, store }: Draft,
  { userSource, throttleStore }: Pick<CodeSource, 'userSource' | 'throttleStore'>,
  originOf: (id: string) => string,
  problems: ConfigProblem[],
): void {
  const isMeant = throttle?.store === 'store' && throttle.enabled !== false;
  // A refused value says nothing about the store.
  if (!isMeant || throttleStore !== undefined || store?.type === undefined) return;
  if (countsFailures(userSource, { type: store.type, metaAddr: auth?.metaAddr })) return;
  const key = 'throttle.store';
  const problem =
    'is "store", and the store of the users counts no failed logins; take it out, or keep the users in PostgreSQL';
  problems.push({ key, origin: originOf(key), problem });
}
