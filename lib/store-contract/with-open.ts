import type { MaybePromise } from '../maybe-promise.js';
import type { UserSource } from '../stores/user-store.js';

/** Makes and opens a source, runs a function on it, and closes it even after a failure. */
export async function withOpen<Source extends UserSource>(
  make: () => MaybePromise<Source>,
  run: (source: Source) => Promise<void>,
): Promise<void> {
  const source = await make();
  try {
    await source.open?.();
    await run(source);
  } finally {
    await source.close?.();
  }
}
