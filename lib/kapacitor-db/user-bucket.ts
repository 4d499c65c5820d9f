import type { BucketItem } from './bolt/bucket.js';
import { Damage, onPage } from './damage.js';
import type { UserRecord } from './user-record.js';
import { readUserRecord } from './user-record.js';

const DATA = '/users/data/';
const INDEXES = '/users/indexes';

/** The lists of names that a Kapacitor keeps beside its users, depending on its release. */
const INDEX_NAMES: readonly string[] = ['id', 'username'];

/** A name that all indexes have under the same path, so that it can't be counted. */
const UPWARDS = '..';

/** The bucket of Kapacitor's users. */
export const USER_BUCKET = 'user_store';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the users of Kapacitor's bucket, and compares them with its own indexes: pages of data have
 * no checksum, so a name that was lost or changed shows only there.
 *
 * @throws Damage
 */
export function* usersOf(items: Iterable<BucketItem>): Generator<UserRecord, void> {
  const names = new Set<string>();
  const index = new IndexCheck(names);
  for (const { key, value, page, isBucket } of items) {
    const path = onPage(page, () => text(key));
    if (!path.startsWith('/users/')) continue;
    if (isBucket) throw new Damage('a user in it is a bucket', page);
    if (path.startsWith(DATA)) {
      const name = path.slice(DATA.length);
      names.add(name);
      yield onPage(page, () => readUserRecord(name, value));
    } else if (path.startsWith(INDEXES)) {
      onPage(page, () => {
        index.add(path, text(value));
      });
    }
  }
  index.end();
}

/** Kapacitor's indexes: `/users/indexes/username/amy` has the name `amy`. */
class IndexCheck {
  readonly #names: ReadonlySet<string>;
  /** The number of names by index. */
  readonly #counts = new Map<string, number>();

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** @throws Damage if the entry means no user */
  add(path: string, name: string): void {
    const index = INDEX_NAMES.find((known) => path === indexPath(known, name));
    if (index === undefined) throw new Damage("an entry of the users' index names another user");
    if (!this.#names.has(name)) {
      throw new Damage("the users' index has a name that has no user");
    }
    if (name !== UPWARDS) this.#counts.set(index, (this.#counts.get(index) ?? 0) + 1);
  }

  /** @throws Damage if users are missing in an index */
  end(): void {
    const users = this.#names.size - (this.#names.has(UPWARDS) ? 1 : 0);
    if (users > 0 && this.#counts.size === 0) throw new Damage('the users have no index');
    for (const [index, count] of this.#counts) {
      if (count === users) continue;
      throw new Damage(
        `the users' index ${JSON.stringify(index)} has ${String(count)} names, but there are ${String(users)} users`,
      );
    }
  }
}

/** The path of an index's entry: Go's `path.Join`, by which `.` and `..` lead upwards. */
function indexPath(index: string, name: string): string {
  if (name === '.') return `${INDEXES}/${index}`;
  if (name === UPWARDS) return INDEXES;
  return `${INDEXES}/${index}/${name}`;
}

function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Damage('a text in it is not UTF-8');
  }
}
