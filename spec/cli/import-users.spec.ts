import { importUsers } from '../../lib/cli/users/import-users.js';
import type { ImportReport } from '../../lib/cli/users/import-users.js';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { StoredUser } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth } from '../support/open-auth.js';

const hash = '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu';
const brought = ['amy', 'ben', 'eve'].map((name, index) => ({
  place: `line ${String(index + 1)}`,
  name,
  hash,
}));

/** A store whose disk is full after the first user. */
class FullStore extends MemoryUserStore {
  #created = 0;

  override create(user: StoredUser): Promise<StoredUser> {
    if (this.#created++ > 0) throw new StoreUnavailableError('the disk is full');
    return super.create(user);
  }
}

/** A store to which another process adds everybody in the same moment. */
class RacedStore extends MemoryUserStore {
  override async create(user: StoredUser): Promise<StoredUser> {
    await super.create({ ...user, type: 'admin' });
    return super.create(user);
  }
}

async function importInto(store: MemoryUserStore): Promise<ImportReport> {
  const { users } = openAuth({ store, logger: listeningLogger() });
  if (users === undefined) throw new Error('no users');
  return importUsers(users, brought, { update: false, dryRun: false });
}

describe('importing users', () => {
  it('tells who was added before the store failed, and why it stopped', async () => {
    const store = new FullStore();
    await expect(importInto(store)).resolves.toMatchObject({
      added: ['amy'],
      leftOut: [],
      failure: { message: 'the disk is full' },
    });
    expect(store.list().map(({ name }) => name)).toEqual(['amy']);
  });

  it('leaves out whom somebody else added meanwhile, and goes on', async () => {
    const { added, leftOut, failure } = await importInto(new RacedStore());
    expect({ added, failure }).toEqual({ added: [], failure: undefined });
    expect(leftOut).toEqual(
      brought.map(({ place, name }) => ({
        place,
        name,
        reason: `can't be taken: user "${name}" already exists`,
      })),
    );
  });
});
