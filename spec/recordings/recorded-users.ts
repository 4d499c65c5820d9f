import type { UserStore } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

/** Puts the users of a recording into a store. */
export async function addRecordedUsers(
  store: UserStore,
  users: ConstructorParameters<typeof MemoryUserStore>[0],
): Promise<void> {
  const recorded = new MemoryUserStore(users);
  await recorded.open();
  for (const user of await recorded.list()) await store.create(user);
}
