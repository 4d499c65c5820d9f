import type { MaybePromise } from '../maybe-promise.js';
import type { UserSource, UserStore } from '../stores/user-store.js';
import { withOpen } from './with-open.js';

/** A source or store, with the link between it and its data: a TCP proxy, for example. */
export interface Linked<Source extends UserSource = UserStore> {
  /** The source or store; it is not open yet. */
  readonly store: Source;
  /** Cuts the link: until `heal`, nothing passes, and no connection comes about. */
  cut(): MaybePromise<void>;
  /** Lets connections come about again. */
  heal(): MaybePromise<void>;
  /** Releases the link; called after the store was closed. */
  end?(): MaybePromise<void>;
}

/** Makes and opens a linked source, runs a function on it, and releases everything. */
export async function withLinked<Source extends UserSource>(
  make: () => MaybePromise<Linked<Source>>,
  run: (linked: Linked<Source>) => Promise<void>,
): Promise<void> {
  const linked = await make();
  try {
    await withOpen(
      () => linked.store,
      () => run(linked),
    );
  } finally {
    await linked.end?.();
  }
}

/** Returns true if what a source found before may be believed now. */
export function isFresh({ freshUntil }: UserSource): boolean {
  return freshUntil === undefined || performance.now() < freshUntil;
}
