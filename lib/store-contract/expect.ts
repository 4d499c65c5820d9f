import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorCode } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { StoredUser, UserStore } from '../stores/user-store.js';

/** Time to wait for a change through another connection, in milliseconds. */
const PATIENCE = 10_000;

/** Expects a call to throw or reject with an error of this code, of whatever class. */
export async function expectCode(
  code: ErrorCode,
  call: () => MaybePromise<unknown>,
): Promise<void> {
  await assert.rejects(async () => await call(), { code });
}

/** Expects exactly one of several concurrent calls to fail, with an error of this code. */
export async function expectOneRefused(
  code: ErrorCode,
  calls: readonly (() => MaybePromise<unknown>)[],
): Promise<void> {
  const outcomes = await Promise.allSettled(calls.map(async (call) => await call()));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 1, `${String(refused.length)} calls were refused rather than one`);
  assert.throws(
    () => {
      throw refused[0]?.reason;
    },
    { code },
  );
}

/** Expects a user from a source to equal another, whatever kind of object it is. */
export function expectUser(actual: StoredUser | undefined, expected: StoredUser): void {
  assert.deepEqual(actual && plain(actual), plain(expected));
}

/**
 * Grants that are left out are none, and who is not disabled is enabled. Times differ, and that of
 * the question is not part of a user.
 */
function plain({
  asOf: _asOf,
  created: _created,
  changed: _changed,
  grants = [],
  disabled = false,
  permissions,
  ...user
}: StoredUser): object {
  return { ...user, permissions: [...permissions], grants: [...grants], disabled };
}

/** Waits until a condition holds. */
export async function eventually(
  what: string,
  condition: () => MaybePromise<boolean>,
): Promise<void> {
  for (const start = Date.now(); !(await condition());) {
    assert.ok(Date.now() - start < PATIENCE, `${what}: not within ${String(PATIENCE / 1000)} s`);
    await delay(20);
  }
}

/** Lists the names of all users of a store. */
export async function namesOf(store: UserStore): Promise<readonly string[]> {
  return (await store.list()).map(({ name }) => name);
}
