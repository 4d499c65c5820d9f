import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import type { UserFilters } from './user-filters.js';
import { matches } from './user-filters.js';

/** Users on one page. */
const SLICE = 50;

/** The most times that a store is asked for one page, and the users of each time but the first. */
const MOST_STEPS = 10;
const STEP = 500;

/** A damaged user, which lets nobody in. */
export interface DamagedUser {
  readonly name: string;
  readonly problem: string;
}

/** The users of one page. */
export interface UserSlice {
  readonly users: readonly UserInfo[];
  readonly damaged: readonly DamagedUser[];
  /** The name that the next page comes after; undefined if this is the last page. */
  readonly next: string | undefined;
}

/**
 * Finds the users of one page.
 *
 * A store may pass over the filters. It is then asked again, a bounded number of times: the page
 * may hold few users, or none, though there are more behind it.
 *
 * @param after - the name that the page comes after; the first page if left out
 * @throws InvalidRequestError for a bad pattern; StoreUnavailableError
 */
export async function findSlice(
  users: Users,
  filters: UserFilters,
  after: string | undefined,
): Promise<UserSlice> {
  const found: UserInfo[] = [];
  const damaged: DamagedUser[] = [];
  let last = after;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const limit = step === 0 ? SLICE + 1 : STEP;
    const unusable: DamagedUser[] = [];
    const onUnusable = (user: DamagedUser): void => {
      unusable.push(user);
    };
    const list = await users.list({ ...filters.options, after: last, limit, onUnusable });
    damaged.push(...unusable.slice(0, SLICE));
    found.push(...list.filter((user) => matches(filters, user)));
    if (found.length > SLICE) {
      const shown = found.slice(0, SLICE);
      return { users: shown, damaged, next: shown.at(-1)?.name };
    }
    if (list.length + unusable.length < limit) return { users: found, damaged, next: undefined };
    const end = list.at(-1)?.name ?? unusable.at(-1)?.name;
    if (end === undefined || end === last) return { users: found, damaged, next: undefined };
    last = end;
    if (found.length === SLICE) break;
  }
  return { users: found, damaged, next: last };
}
