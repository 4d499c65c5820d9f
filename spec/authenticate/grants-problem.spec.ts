import { GuardedStore } from '../../lib/authenticate/guarded-store.js';
import type { StoredUser } from '../../lib/stores/user-store.js';

const HASH = '$2b$04$8DVcJv4NHBjXQGBeQbqsm.qlSa2JV91HIZyf6v1izjk4Y0FwM/ZgO';
const amy: StoredUser = { name: 'amy', type: 'normal', hash: HASH, permissions: ['api'] };

function find(user: StoredUser) {
  const store = new GuardedStore({
    store: { find: () => user },
    logger: { info: jest.fn(), warn: jest.fn(), error: jest.fn() },
    onOpen: jest.fn(),
    onChange: jest.fn(),
  });
  return store.find('amy', { fresh: false });
}

describe("a user of a store of one's own", () => {
  it.each([
    [{ grants: ['none:tasks', 'none:/api/alerts'] }, /has a grant that can't be read/],
    [{ grants: ['none:tasks'], privileges: { '/api': ['all'] } }, /both grants and privileges/],
  ] satisfies [Partial<StoredUser>, RegExp][])(
    'can not be used with %j',
    async (rights, problem) => {
      await expect(find({ ...amy, ...rights })).rejects.toMatchObject({
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        message: expect.stringMatching(problem) as string,
      });
    },
  );

  it('can be used with grants that can be read, and with none', async () => {
    expect(await find({ ...amy, grants: ['none:tasks'] })).toMatchObject({
      grants: ['none:tasks'],
    });
    const privileges = { '/api': ['all'] } as const;
    expect(await find({ ...amy, grants: [], privileges })).toMatchObject({ privileges });
  });
});
