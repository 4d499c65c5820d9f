import { importProgress } from '../../lib/cli/users/import-progress.js';
import type { ImportReport } from '../../lib/cli/users/import-users.js';
import { importUsers } from '../../lib/cli/users/import-users.js';
import type { StoredUser } from '../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth } from '../support/open-auth.js';
import { MemoryTerminal } from './memory-terminal.js';

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

describe('the progress of an import', () => {
  const progress = (terminal: MemoryTerminal, times: readonly number[]): string => {
    const clock = [...times];
    const { advance, end } = importProgress(terminal, 20_000, () => clock.shift() ?? Infinity);
    for (let done = 0; done < 3; done += 1) advance();
    end();
    return terminal.stderr.text;
  };

  it('is shown to a person now and then, and gone at the end', () => {
    const shown = progress(new MemoryTerminal(), [0, 100, 200, 200, 399]);
    expect(shown).toBe('\r2 of 20000 users\r\u001b[K');
  });

  it('is a line each ten seconds for a log', () => {
    const shown = progress(new MemoryTerminal(''), [0, 9_999, 10_000, 10_000, 19_999]);
    expect(shown).toBe('kapacitor-auth: 2 of 20000 users\n');
  });

  it('is a line each ten seconds while all are imported at once', () => {
    jest.useFakeTimers();
    try {
      const terminal = new MemoryTerminal('');
      const { beginAll, end } = importProgress(terminal, 20_000);
      beginAll();
      jest.advanceTimersByTime(20_000);
      end();
      jest.advanceTimersByTime(20_000);
      const line = 'kapacitor-auth: 20000 users are still being imported at once\n';
      expect(terminal.stderr.text).toBe(line + line);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is shown to nobody else before that, and not where it takes no time', () => {
    expect(progress(new MemoryTerminal(''), [0, 1000, 2000, 3000])).toBe('');
    expect(progress(new MemoryTerminal(), [0, 1, 2, 3])).toBe('');
  });

  it('counts each user', async () => {
    const { users } = openAuth({ store: new MemoryUserStore(), logger: listeningLogger() });
    if (users === undefined) throw new Error('no users');
    const advance = jest.fn();
    await importUsers(users, brought, { update: false, dryRun: false, advance });
    expect(advance).toHaveBeenCalledTimes(brought.length);
  });
});

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
