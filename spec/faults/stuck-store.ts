import type { MemoryUserStore, UserStore } from '../../lib/index.js';

/** The questions that a store can be asked. */
export type StoreMethod = 'open' | 'find' | 'list' | 'create' | 'update' | 'delete' | 'replaceHash';

/**
 * A store that answers in its own way to what `instead` says: with a promise that never settles, an exception, an answer that
 * comes late. Where it says nothing, the users answer.
 */
export function stuckStore(
  users: MemoryUserStore,
  instead: (method: StoreMethod) => Promise<never> | undefined,
): UserStore {
  return {
    open: () => instead('open') ?? users.open(),
    find: (name) => instead('find') ?? users.find(name),
    list: (options) => instead('list') ?? users.list(options),
    create: (user) => instead('create') ?? users.create(user),
    update: (...change) => instead('update') ?? users.update(...change),
    delete: (...change) => instead('delete') ?? users.delete(...change),
    replaceHash: (...change) => instead('replaceHash') ?? users.replaceHash(...change),
    watch: (listener) => users.watch(listener),
    close: () => users.close(),
  };
}
