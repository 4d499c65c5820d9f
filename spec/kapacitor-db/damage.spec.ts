import { KapacitorDbError } from '../../lib/errors.js';
import { readKapacitorBackup } from '../../lib/kapacitor-db/read-kapacitor-db.js';
import { boltFile, metaOf, page, seal } from './bolt-file.js';
import { sample } from './samples.js';

const PAGE = 4096;

async function refusal(file: Buffer): Promise<KapacitorDbError> {
  const error: unknown = await readKapacitorBackup(file, 'kapacitor.db').catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof KapacitorDbError) return error;
  throw new Error('it was not refused');
}

/** A whole file, changed. */
function changed(name: string, change: (file: Buffer) => void): Buffer {
  const file = sample(name);
  change(file);
  return seal(file);
}

/** Changes the page that holds something, in all its old copies too. */
function replaceAll(file: Buffer, from: string, to: string): void {
  for (let at = file.indexOf(from); at !== -1; at = file.indexOf(from, at + from.length))
    file.write(to, at);
}

const usersPage = (file: Buffer) => newestPage(file, 2, '/users/data/user000100');
const branchPage = (file: Buffer) => newestPage(file, 1, '/users/');

/** Walks from the root of the users to the page that counts, since old copies lie about. */
function newestPage(file: Buffer, flags: number, holds: string): number {
  const root = metaOf(file).root * PAGE;
  const name = file.indexOf('user_store', root);
  const top = Number(file.readBigUInt64LE(name + 'user_store'.length)) * PAGE;
  if (file.readUInt16LE(top + 8) === flags) return top;
  for (let index = file.readUInt16LE(top + 10) - 1; index >= 0; index -= 1) {
    const below = Number(file.readBigUInt64LE(top + 16 + index * 16 + 8)) * PAGE;
    if (file.subarray(below, below + PAGE).includes(holds)) return below;
  }
  throw new Error(`no page holds ${holds}`);
}

const damages: readonly (readonly [string, Buffer, RegExp])[] = [
  [
    'is none',
    Buffer.from('<html>not found</html>'),
    /neither of the first two pages has a whole head/,
  ],
  ['is empty', Buffer.alloc(0), /neither of the first two pages/],
  ['lost its head', sample('branches').fill(0, 0, 2 * PAGE), /page 0: neither of the first two/],
  [
    'is cut off',
    sample('branches').subarray(0, 20 * PAGE),
    /cut off: \d+ pages of 4096 bytes need more/,
  ],
  [
    'has a page that is another',
    changed('branches', (file) => file.writeBigUInt64LE(7777n, usersPage(file))),
    /page \d+: it says that it is page 7777/,
  ],
  [
    'leads in a circle',
    changed('branches', (file) => {
      const branch = branchPage(file);
      file.writeBigUInt64LE(BigInt(branch / PAGE), branch + 16 + 8);
    }),
    /page \d+: two places lead to it/,
  ],
  [
    'leads to a page beyond its end',
    changed('branches', (file) => file.writeBigUInt64LE(2n ** 63n, branchPage(file) + 24)),
    /is named, but pages are numbered from 2 to \d+/,
  ],
  [
    'has keys that descend',
    changed('branches', (file) => {
      const at = usersPage(file);
      file.write('/users/data/user000999', file.indexOf('/users/data/user000100', at));
    }),
    /page \d+: its keys don't ascend/,
  ],
  [
    'has keys of another page',
    changed('branches', (file) => {
      const at = usersPage(file);
      const key = file.indexOf('/users/data/user', at);
      file.write('/users/data/user000000', key);
    }),
    /page \d+: it holds keys that belong to another page/,
  ],
  [
    'has elements over one another',
    changed('branches', (file) => file.writeUInt32LE(0, usersPage(file) + 20)),
    /page \d+: two elements overlap/,
  ],
  [
    'has an element that leaves its page',
    changed('branches', (file) => file.writeUInt32LE(0xffffffff, usersPage(file) + 28)),
    /page \d+: an element reaches beyond the page/,
  ],
  [
    'has more elements than fit',
    changed('branches', (file) => file.writeUInt16LE(0xffff, usersPage(file) + 10)),
    /page \d+: 65535 elements are more than fit in/,
  ],
  [
    'has a page of another kind',
    changed('branches', (file) => file.writeUInt16LE(0x10, usersPage(file) + 8)),
    /page \d+: it is neither a branch nor a leaf, but of kind 16/,
  ],
  [
    'has a page that claims the rest of the disk',
    changed('branches', (file) => file.writeUInt32LE(0xffffffff, usersPage(file) + 12)),
    /page \d+: page \d+ is named, but pages are numbered/,
  ],
  [
    'has a user under another name',
    changed('inline', (file) => {
      replaceAll(file, '/users/data/amy', '/users/data/bob');
    }),
    /page \d+: a user in it is kept under another name/,
  ],
  [
    'has an index of another user',
    changed('inline', (file) => {
      replaceAll(file, '/users/indexes/username/amy', '/users/indexes/username/bob');
    }),
    /page \d+: an entry of the users' index names another user/,
  ],
  [
    'lost a user that the index has',
    changed('both-indexes', (file) => {
      replaceAll(file, '/users/data/bob', '/users/dbta/bob');
    }),
    /the users' index has a name that has no user/,
  ],
  [
    'has a user that one index lost',
    changed('both-indexes', (file) => {
      replaceAll(file, '/users/indexes/username/bob', '/userz/indexes/username/bob');
    }),
    /the users' index "username" has 2 names, but there are 3 users/,
  ],
  [
    'has users and no index',
    changed('inline', (file) => {
      replaceAll(file, '/users/indexes', '/userz/indexes');
    }),
    /the users have no index/,
  ],
  [
    'has a hash that is none',
    changed('inline', (file) => {
      replaceAll(file, '$2a$04$', '$9a$04$');
    }),
    /page \d+: the hash of a user in it is no bcrypt hash/,
  ],
  [
    'has a name that is not UTF-8',
    changed('inline', (file) => {
      const at = file.lastIndexOf('/users/data/amy');
      file[at + '/users/data/'.length] = 0xff;
    }),
    /page \d+: a text in it is not UTF-8/,
  ],
  [
    'has a value for the bucket of users',
    changed('branches', (file) => file.writeUInt32LE(0, metaOf(file).root * PAGE + 16)),
    /page \d+: user_store is no bucket/,
  ],
  [
    'is deeper than any tree',
    boltFile(
      Array.from({ length: 80 }, (_, index) => page(index + 3, [{ key: 'a', page: index + 4 }])),
    ),
    /page \d+: the tree of pages is too deep/,
  ],
  [
    'has a branch with nothing below',
    boltFile([page(3, [{ key: '/users/data/amy', page: 4 }]), page(4, [])]),
    /page 4: it has no keys/,
  ],
  [
    'has a user of a megabyte',
    boltFile([
      (() => {
        const value = Buffer.alloc(1024 * 1024 + 1);
        const bytes = page(3, [{ key: '/users/data/amy', value }], 257 * PAGE);
        bytes.writeUInt32LE(256, 12);
        return bytes;
      })(),
    ]),
    /page 3: a user in it has 1048577 bytes/,
  ],
];

describe('a database', () => {
  it.each(damages)('that %s is refused', async (_what, file, text) => {
    const error = await refusal(file);
    expect(error.message).toMatch(text);
    expect(error.message).toMatch(
      /^kapacitor\.db can't be read.*import what "kapacitor backup FILE" writes/,
    );
    expect(error.message).not.toContain('$2a$');
    const [, number] = /: page (\d+): /.exec(error.message) ?? [];
    expect([error.code, error.page]).toEqual([
      'ERR_KAUTH_KAPACITOR_DB',
      number === undefined ? undefined : Number(number),
    ]);
  });

  it.each([
    ['branches', PAGE],
    ['large-pages', 65536],
  ])('of the kind %s whose newest head is damaged is read as it was before', async (name, size) => {
    const whole = await readKapacitorBackup(sample(name), name);
    const file = sample(name);
    file[metaOf(file, size).at] = 0;
    const { users } = await readKapacitorBackup(file, name);
    expect(users.length).toBeLessThan(whole.users.length);
    expect(users.length % (name === 'branches' ? 7 : 600)).toBe(0);
    expect(whole.users.slice(0, users.length)).toEqual(users);
  });
});
