/** Small files that any room may use. */
export const LEAVES: readonly string[] = [
  'errors.ts',
  'logger.ts',
  'maybe-promise.ts',
  'lazy.ts',
  'deadline.ts',
  'database-urls.ts',
  'invalid-request.ts',
  'is-record.ts',
  'keyed-digest.ts',
  'system-error.ts',
  'single-flight.ts',
  'troubleshooting.ts',
  'turns.ts',
  'warnings.ts',
];

/** What a store is, apart from any. */
export const STORE_CONTRACT: readonly string[] = [
  'stores/user-store.ts',
  'stores/list-options.ts',
  'stores/subscription-store.ts',
  'stores/failure-counter.ts',
  'stores/ended-sessions.ts',
];
