import fc from 'fast-check';
import { PERMISSIONS } from '../../../lib/privileges/permission.js';
import { formatUserFile, parseUserFile } from '../../../lib/stores/file/user-file-format.js';
import { SubscriptionMap } from '../../../lib/stores/in-memory/subscription-map.js';
import { UserMap } from '../../../lib/stores/in-memory/user-map.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { othersTurns } from '../../support/others-turns.js';

const HASH = `$2b$04$${'a'.repeat(53)}`;
const DIGEST = 'b'.repeat(64);
const GRANT = '"cluster": "c", "database": "d", "created": "2026-11-24T10:00:00.000Z"';

async function parse(text: string) {
  return (await parseUserFile(Buffer.from(text))).list();
}

describe('parseUserFile', () => {
  it('reads users who say no more than they must', async () => {
    const users = [
      { name: 'zoe', hash: HASH },
      { name: 'amy', hash: HASH, type: 'admin', permissions: ['all', 'api'] },
    ];
    expect(await parse(JSON.stringify({ version: 1, users }))).toEqual([
      { name: 'amy', type: 'admin', hash: HASH, permissions: ['all'] },
      { name: 'zoe', type: 'normal', hash: HASH, permissions: [] },
    ]);
  });

  it('reads a file without users, and one that begins with a byte order mark', async () => {
    expect(await parse('\ufeff{"users":[],"version":1}')).toEqual([]);
  });

  it.each([
    ['an empty file', '', 'line 1, column 1: from here on the file is not JSON'],
    [
      'a comma too many',
      `{ "version": 1,\n  "users": [],\n}`,
      'line 3, column 1: from here on the file is not JSON',
    ],
    ['a list', '[]', 'line 1, column 1: the file must hold an object with version and users'],
    ['no version', '{"users":[]}', 'line 1, column 1: version must be 1 or 2'],
    ['a later version', '{"version": 3, "users":[]}', 'line 1, column 13: version must be 1 or 2'],
    [
      'a version in quotes',
      '{"version": "1", "users":[]}',
      'line 1, column 13: version must be 1 or 2',
    ],
    ['no users', '{"version": 1}', 'line 1, column 1: users must be a list'],
    [
      'an unknown key',
      '{"version": 1, "users": [], "roles": []}',
      'line 1, column 1: Unrecognized key: "roles"',
    ],
    [
      'a user who is none',
      '{"version": 1, "users": [\n7]}',
      'line 2, column 1: a user must be an object with name, type, hash and permissions',
    ],
    [
      'an unknown key of a user',
      `{"version": 1, "users": [\n{"name": "amy", "hash": "${HASH}", "Type": "admin"}]}`,
      'line 2, column 1: Unrecognized key: "Type"',
    ],
    [
      'a key that changes what an object is',
      `{"version": 1, "users": [\n{"name": "amy", "hash": "${HASH}", "__proto__": {"type": "admin"}}]}`,
      'line 2, column 1: Unrecognized key: "__proto__"',
    ],
    [
      'a name that can not be',
      `{"version": 1, "users": [\n{"name": "..", "hash": "${HASH}"}]}`,
      `line 2, column 10: username must contain only letters, numbers, '-', '.', '@' and '_'. ".."`,
    ],
    [
      'a plain password for a hash',
      '{"version": 1, "users": [\n  {"name": "amy", "hash": "secret-pw"}]}',
      'line 2, column 27: hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31',
    ],
    [
      'a grant that can not be read',
      `{"version": 2, "users": [\n{"name": "amy", "hash": "${HASH}", "grants": ["write"]}]}`,
      'line 2, column 99: a grant is PRIVILEGES:PLACE, such as "write:database/telegraf", not "write"',
    ],
    [
      'grants of an administrator',
      `{"version": 2, "users": [\n{"name": "amy", "hash": "${HASH}", "type": "admin", "grants": ["read:tasks"]}]}`,
      'line 2, column 116: an administrator needs no grants',
    ],
    [
      'two users of one name',
      `{"version": 1, "users": [\n{"name": "amy", "hash": "${HASH}"},\n {"name": "amy", "hash": "${HASH}"}]}`,
      'line 3, column 2: user "amy" is there more than once',
    ],
    [
      'subscriptions that are no list',
      '{"version": 1, "users": [], "subscriptions": {}}',
      'line 1, column 46: subscriptions must be a list',
    ],
    [
      'a subscription that is none',
      '{"version": 1, "users": [], "subscriptions": [\n7]}',
      'line 2, column 1: a subscription must be an object with digest, cluster, database, retentionPolicy and created',
    ],
    [
      'a token in place of its digest',
      `{"version": 1, "users": [], "subscriptions": [\n{"digest": "a-token", ${GRANT}}]}`,
      'line 2, column 12: digest must be a SHA-256: 64 hexadecimal digits',
    ],
    [
      'two subscriptions of one digest',
      `{"version": 1, "users": [], "subscriptions": [\n{"digest": "${DIGEST}", ${GRANT}},\n{"digest": "${DIGEST}", ${GRANT}}]}`,
      'line 3, column 1: this subscription is there more than once',
    ],
    [
      'many mistakes',
      '{"version": 1, "users": [\n1,\n2,\n3,\n4]}',
      [2, 3, 4]
        .map(
          (line) =>
            `line ${String(line)}, column 1: a user must be an object with name, type, hash and permissions`,
        )
        .join('; '),
    ],
  ])('refuses %s and says where', async (_, text, message) => {
    await expect(parse(text)).rejects.toThrow(expect.objectContaining({ message }));
  });

  it('refuses a file that is not UTF-8', async () => {
    const latin1 = Buffer.from('{"version": 1, "users": [{"name": "zoë"}]}', 'latin1');
    await expect(parseUserFile(latin1)).rejects.toThrow('the file must be UTF-8');
  });

  it('shows no hash, wherever the file is broken', async () => {
    const text = await formatUserFile(
      UserMap.of([{ name: 'amy', type: 'admin', hash: HASH, permissions: ['api'] }]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom('', '"', '{', 'x'),
        async (at, change) => {
          try {
            await parse(text.slice(0, at) + change + text.slice(at + 1));
          } catch (error) {
            expect(String(error)).not.toContain('aaa');
          }
        },
      ),
    );
  });
});

describe('users who were read before', () => {
  const amy = { name: 'amy', type: 'normal', hash: HASH, permissions: ['api'] } as const;
  const read = (...users: readonly object[]) => Buffer.from(JSON.stringify({ version: 1, users }));

  it('are not judged again while they are the same', async () => {
    const known = await parseUserFile(read(amy));
    expect((await parseUserFile(read(amy), known)).get('amy')).toBe(known.get('amy'));
  });

  it('are judged with other grants, and not with the same', async () => {
    const known = await parseUserFile(read({ ...amy, grants: ['read:tasks'] }));
    const parsed = async (...grants: readonly string[]) =>
      (await parseUserFile(read({ ...amy, grants }), known)).get('amy');
    expect(await parsed('read:tasks')).toBe(known.get('amy'));
    expect((await parsed('all:tasks'))?.grants).toEqual(['all:tasks']);
    expect(await parsed()).toEqual(amy);
    expect((await parseUserFile(read(amy), known)).get('amy')).toEqual(amy);
  });

  it.each<[string, object, object]>([
    ['another type', { ...amy, type: 'admin' }, { type: 'admin' }],
    ['another hash', { ...amy, hash: HASH.replace('a', 'b') }, { hash: HASH.replace('a', 'b') }],
    [
      'other permissions',
      { ...amy, permissions: ['write_points'] },
      { permissions: ['write_points'] },
    ],
    [
      'more permissions',
      { ...amy, permissions: ['api', 'write_points'] },
      { permissions: ['api', 'write_points'] },
    ],
    ['no word of permissions', { name: 'amy', hash: HASH }, { permissions: [] }],
    ['grants', { ...amy, grants: ['read:tasks'] }, { grants: ['read:tasks'] }],
  ])('are judged with %s', async (_, record, changes) => {
    const known = await parseUserFile(read(amy));
    const users = await parseUserFile(read(record), known);
    expect(users.get('amy')).toEqual({ ...amy, ...changes });
  });

  it.each<[string, readonly object[], string]>([
    ['a key too many', [{ ...amy, admin: true }], 'Unrecognized key: "admin"'],
    ['a twin', [amy, amy], 'user "amy" is there more than once'],
    [
      'permissions that are no list',
      [{ ...amy, permissions: 'api' }],
      'permissions must be a list',
    ],
    ['no name', [{ ...amy, name: 7 }], 'name must be a string'],
  ])('are refused with %s', async (_, records, problem) => {
    const known = await parseUserFile(read(amy));
    await expect(parseUserFile(read(...records), known)).rejects.toThrow(problem);
  });
});

describe('ten thousand users', () => {
  const users = Array.from({ length: 10_000 }, (_, index) => ({
    name: `user${String(index)}`,
    type: 'normal' as const,
    hash: HASH,
    permissions: [],
  }));

  it.each<[string, () => Promise<unknown>, number]>([
    ['read', () => parseUserFile(Buffer.from(JSON.stringify({ version: 1, users }))), 4],
    ['written', () => formatUserFile(UserMap.of(users)), 4],
    [
      'found broken',
      () => {
        const records = [...users, {}, {}, {}];
        const bytes = Buffer.from(JSON.stringify({ version: 1, users: records }));
        return parseUserFile(bytes).catch(() => undefined);
      },
      6,
    ],
  ])('leave others their turns while they are %s', async (_, job, least) => {
    expect(await othersTurns(job)).toBeGreaterThanOrEqual(least);
  });
});

describe('formatUserFile', () => {
  it('writes what people can read and edit', async () => {
    const users = UserMap.of([
      { name: 'bob', type: 'normal', hash: HASH, permissions: ['api'] },
      { name: 'amy', type: 'admin', hash: HASH, permissions: [] },
    ]);
    expect(await formatUserFile(users)).toBe(`{
  "version": 1,
  "users": [
    {
      "name": "amy",
      "type": "admin",
      "hash": "${HASH}",
      "permissions": []
    },
    {
      "name": "bob",
      "type": "normal",
      "hash": "${HASH}",
      "permissions": [
        "api"
      ]
    }
  ]
}
`);
    expect(await parse(await formatUserFile(users))).toEqual(users.list());
  });

  it('writes subscriptions where there are any, and reads them back', async () => {
    const subscription = {
      digest: DIGEST,
      cluster: 'default',
      database: 'telegraf',
      retentionPolicy: 'autogen',
      created: '2026-11-24T10:00:00.000Z',
    };
    const users = UserMap.of([], new SubscriptionMap([subscription]));
    const text = await formatUserFile(users);
    expect(JSON.parse(text)).toEqual({ version: 1, users: [], subscriptions: [subscription] });
    expect((await parseUserFile(Buffer.from(text))).subscriptions.list()).toEqual([subscription]);
  });

  it('writes version 2, which earlier releases refuse, only while somebody has more than name, type, hash and permissions', async () => {
    const amy: StoredUser = { name: 'amy', type: 'normal', hash: HASH, permissions: [] };
    const [time, grants] = ['2026-11-24T10:00:00.000Z', ['read:tasks']];
    for (const more of [{ grants }, { disabled: true }, { created: time }, { changed: time }]) {
      const text = await formatUserFile(UserMap.of([{ ...amy, ...more }]));
      expect(JSON.parse(text)).toEqual({ version: 2, users: [{ ...amy, ...more }] });
      expect(await parse(text)).toEqual([{ ...amy, ...more }]);
    }
    const plain: unknown = JSON.parse(await formatUserFile(UserMap.of([amy])));
    expect(plain).toEqual({ version: 1, users: [amy] });
  });

  it('writes what JSON.stringify makes of it', async () => {
    const name = fc.stringMatching(/^[\p{L}0-9\-._@]+$/u);
    const permissions = fc.subarray([...PERMISSIONS]);
    const record = fc.record({ name, type: fc.constantFrom('admin', 'normal'), permissions });
    await fc.assert(
      fc.asyncProperty(fc.array(record), async (records) => {
        const users = UserMap.of(records.map((user) => ({ ...user, hash: HASH })));
        const document = { version: 1, users: users.list() };
        expect(await formatUserFile(users)).toBe(`${JSON.stringify(document, null, 2)}\n`);
      }),
    );
  });
});
