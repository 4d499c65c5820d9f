import type { GuardedStore } from '../authenticate/guarded-store.js';
import type { Logger } from '../logger.js';
import { isUserStore } from '../stores/user-store.js';
import { warnOnce } from '../warnings.js';

/** Warns if a store that is open has no users yet, not even damaged ones. */
export async function warnWithoutUsers({ store }: GuardedStore, logger: Logger): Promise<void> {
  if (!isUserStore(store)) return;
  const damaged: unknown[] = [];
  const usable = await store.list({ limit: 1, onUnusable: (user) => damaged.push(user) });
  if (usable.length + damaged.length > 0) return;
  warnOnce(
    'WRN_KAUTH_NO_USERS',
    `there are no users yet: add the first with "npx kapacitor-auth users add admin --type admin"`,
    logger,
  );
}
