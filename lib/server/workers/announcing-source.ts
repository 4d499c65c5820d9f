import type {
  MaybePromise,
  SubscriptionStore,
  UserChangeListener,
  UserSource,
  UserStore,
} from '../../index.js';
import { isUserStore } from '../../index.js';
import { overlaid } from './overlaid.js';

/** Tells other processes that a user changed, or anybody; resolves once none knows the old one. */
export type Announce = (name: string | undefined) => Promise<void>;

/**
 * A source whose changes other processes hear of before they are acknowledged, and which hears of
 * theirs.
 */
export class AnnouncingSource {
  readonly source: UserSource;
  readonly #inner: UserSource;
  readonly #announce: Announce;
  readonly #listeners = new Set<{ readonly listener: UserChangeListener }>();
  /** Settles once all that others told of was looked at. */
  #looking: Promise<void> | undefined;

  constructor(inner: UserSource, announce: Announce) {
    this.#inner = inner;
    this.#announce = announce;
    this.source = isUserStore(inner) ? overlaid(inner, this.#changesOf(inner)) : inner;
  }

  /**
   * Forgets a user, or everybody, whom another process changed. Whoever is looked up from now on
   * waits for a look at the source, which may take long: the other process need not.
   */
  forget(name: string | undefined): void {
    try {
      const looking = this.#inner.catchUp?.({ now: true });
      if (looking instanceof Promise) this.#waitFor(looking);
      this.#tell(name);
    } catch {
      // The next look-up says why.
      this.#tell(undefined);
    }
  }

  #waitFor(look: Promise<void>): void {
    const before = this.#looking;
    const looking = look
      .catch(() => {
        this.#tell(undefined);
      })
      .then(() => before)
      .finally(() => {
        if (this.#looking === looking) this.#looking = undefined;
      });
    this.#looking = looking;
  }

  #tell(name: string | undefined): void {
    for (const { listener } of this.#listeners) listener(name);
  }

  #ask<T>(question: () => MaybePromise<T>): MaybePromise<T> {
    return this.#looking?.then(question) ?? question();
  }

  #changesOf(store: UserStore): Partial<UserStore> {
    const { subscriptions } = store;
    const putAll = store.putAll?.bind(store);
    const rename = store.rename?.bind(store);
    return {
      find: (name, options) => this.#ask(() => store.find(name, options)),
      list: (options) => this.#ask(() => store.list(options)),
      create: (user, ...rest) => this.#change(user.name, () => store.create(user, ...rest)),
      update: (name, ...rest) => this.#change(name, () => store.update(name, ...rest)),
      delete: (name, options) =>
        this.#change(options?.unusable === true ? undefined : name, () =>
          store.delete(name, options),
        ),
      ...(putAll && { putAll: (users) => this.#change(undefined, () => putAll(users)) }),
      ...(rename && { rename: (...names) => this.#change(undefined, () => rename(...names)) }),
      replaceHash: (name, ...rest) => this.#change(name, () => store.replaceHash(name, ...rest)),
      ...(subscriptions && {
        subscriptions: overlaid(subscriptions, this.#grantsOf(subscriptions)),
      }),
      watch: (listener) => this.#watch(store, listener),
    };
  }

  #grantsOf(store: SubscriptionStore): Partial<SubscriptionStore> {
    return {
      find: (digest) => this.#ask(() => store.find(digest)),
      list: (options) => this.#ask(() => store.list(options)),
      put: (subscription) => this.#change(undefined, () => store.put(subscription)),
      delete: (digest) => this.#change(undefined, () => store.delete(digest)),
      deleteDatabase: (database) => this.#change(undefined, () => store.deleteDatabase(database)),
    };
  }

  async #change<T>(name: string | undefined, change: () => MaybePromise<T>): Promise<T> {
    let outcome: T;
    try {
      outcome = await change();
    } catch (error) {
      // It may have been made all the same; the error counts, whoever hears of it.
      await this.#announce(name).catch(() => undefined);
      throw error;
    }
    if (outcome !== false) await this.#announce(name);
    return outcome;
  }

  #watch(store: UserStore, listener: UserChangeListener): () => void {
    const stop = store.watch?.(listener);
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      stop?.();
      this.#listeners.delete(entry);
    };
  }
}
