import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import type { UnusableUser } from '../../stores/subscription-store.js';
import type { ListForm, ListSelection } from './list-query.js';
import { isSelected } from './list-query.js';

/** Users on a page. */
export const PAGE = 50;

/** Lists that a page asks for at most, if the store leaves the filtering to us. */
const MOST_LISTS = 20;

/** Users that such a list has. */
const STEP = 1_000;

/** A part of the list of users. */
export interface FoundUsers {
  readonly users: readonly UserInfo[];
  readonly unusable: readonly UnusableUser[];
  /** The name after which the next page begins; undefined if this is the last. */
  readonly next: string | undefined;
  /** True if there may be more, though not all that were looked through fill this page. */
  readonly isPartial: boolean;
}

/**
 * Finds the users of a page. An app's own store may pass over the filters: then several lists are
 * looked through, up to a bound.
 *
 * @throws InvalidRequestError for a bad pattern; StoreUnavailableError
 */
export async function findUsers(
  users: Users,
  { after }: Pick<ListForm, 'after'>,
  { options }: Pick<ListSelection, 'options'>,
): Promise<FoundUsers> {
  const unusable: UnusableUser[] = [];
  const onUnusable = (user: UnusableUser): void => {
    unusable.push(user);
  };
  const found: UserInfo[] = [];
  let last = after;
  let limit = PAGE + 1;
  for (let lists = 0; lists < MOST_LISTS; lists += 1) {
    const damaged = unusable.length;
    const more = { ...options, ...(last !== '' && { after: last }), limit, onUnusable };
    const listed = await users.list(more);
    found.push(...listed.filter((user) => isSelected(user, options)));
    const isEnd = listed.length + unusable.length - damaged < limit;
    if (isEnd || found.length > PAGE) return pageOf(found, unusable, undefined);
    last = lastName(listed, unusable.slice(damaged)) ?? last;
    limit = STEP;
  }
  return pageOf(found, unusable, last);
}

function lastName(
  listed: readonly UserInfo[],
  unusable: readonly UnusableUser[],
): string | undefined {
  const names = [...listed, ...unusable].map(({ name }) => name);
  return names.reduce<string | undefined>(
    (last, name) => (last === undefined || comesAfter(name, last) ? name : last),
    undefined,
  );
}

/** Names are in the order of their bytes. */
function comesAfter(name: string, other: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(other)) > 0;
}

function pageOf(
  found: readonly UserInfo[],
  unusable: readonly UnusableUser[],
  stoppedAt: string | undefined,
): FoundUsers {
  const users = found.slice(0, PAGE);
  const next = found.length > PAGE ? users.at(-1)?.name : stoppedAt;
  return { users, unusable, next, isPartial: stoppedAt !== undefined };
}
