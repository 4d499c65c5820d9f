import type { StoredUser } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { expresses } from '../../support/expresses.js';
import { closeUsersApps, failure, send, usersApp, V1 } from './users-app.js';

afterAll(closeUsersApps);

describe.each(expresses)('the users API on %s', (_name, express) => {
  const { app } = usersApp({ express });

  const names = async (query: string): Promise<unknown> => {
    const { status, body } = await send(app, ['GET', `${V1}?${query}`]);
    expect(status).toBe(200);
    return (body as { users: readonly { name: string }[] }).users.map(({ name }) => name);
  };

  describe('lists users', () => {
    it.each<[query: string, expected: readonly string[]]>([
      ['', ['all', 'api', 'apiwrite', 'config', 'none', 'ops', 'peer', 'root', 'writer']],
      ['pattern=', ['all', 'api', 'apiwrite', 'config', 'none', 'ops', 'peer', 'root', 'writer']],
      ['pattern=a*', ['all', 'api', 'apiwrite']],
      ['pattern=[^a]o*', ['config', 'none', 'root']],
      ['pattern=nobody', []],
      ['offset=7', ['root', 'writer']],
      ['offset=&limit=2', ['all', 'api']],
      ['offset=%2B1&limit=2', ['api', 'apiwrite']],
      ['offset=100', []],
      ['limit=0', []],
      ['limit=-1&pattern=a*', ['all', 'api', 'apiwrite']],
      ['limit=-1&pattern=a*&offset=2', ['apiwrite']],
      ['limit=1&limit=5', ['all']],
      ['pattern=root&pattern=*', ['root']],
      ['other=1&limit=1', ['all']],
    ])('by %j', async (query, expected) => {
      expect(await names(query)).toEqual(expected);
    });

    it('a hundred unless more are asked for', async () => {
      const many = Array.from({ length: 120 }, (_user, index): StoredUser => ({
        name: `u${String(index).padStart(3, '0')}`,
        type: 'normal',
        hash: `$2b$04$${'.'.repeat(53)}`,
        permissions: [],
      }));
      const crowd = usersApp({
        express,
        store: new MemoryUserStore([{ name: 'root', password: 'pw', type: 'admin' }, ...many]),
      });
      const listed = async (path: string) =>
        ((await send(crowd.app, ['GET', path])).body as { users: unknown[] }).users.length;
      expect(await listed(V1)).toBe(100);
      expect(await listed(`${V1}?limit=110`)).toBe(110);
      expect(await listed(`${V1}?limit=-1`)).toBe(121);
    });

    it('ten thousand at the most, in one document, and leaves others their turn', async () => {
      const many = Array.from({ length: 12_345 }, (_user, index): StoredUser => ({
        name: `u${String(index).padStart(5, '0')}`,
        type: 'normal',
        hash: `$2b$04$${'.'.repeat(53)}`,
        permissions: [],
      }));
      const crowd = usersApp({
        express,
        store: new MemoryUserStore([{ name: 'root', password: 'pw', type: 'admin' }, ...many]),
      });
      const listed = async (query: string) => {
        const { status, body } = await send(crowd.app, ['GET', `${V1}?${query}`]);
        expect(status).toBe(200);
        return (body as { users: readonly { name: string }[] }).users.map(({ name }) => name);
      };
      const ordered = ['root', ...many.map(({ name }) => name)];
      for (const limit of ['-1', '10000']) {
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        expect(await listed(`limit=${limit}`)).toEqual(ordered.slice(0, 10_000));
        clearInterval(timer);
        expect(turns).toBeGreaterThan(5);
      }
      expect(await listed('limit=-1&offset=10000')).toEqual(ordered.slice(10_000));
      expect(await listed('limit=-1&pattern=*9')).toEqual(
        ordered.filter((name) => name.endsWith('9')),
      );
      expect(await listed('limit=0')).toEqual([]);
    });

    it('not more than that, nor by a pattern that is longer than 256 characters', async () => {
      const tooMany = 'invalid limit parameter "10001" must be 10000 or less';
      expect(await send(app, ['GET', `${V1}?limit=10001`])).toEqual(failure(400, tooMany));
      const tooLong = 'pattern must not be longer than 256 characters';
      expect(await send(app, ['GET', `${V1}?pattern=${'*'.repeat(257)}`])).toEqual(
        failure(400, tooLong),
      );
    });

    it.each<[query: string, keys: readonly string[]]>([
      ['', ['link', 'name', 'permissions', 'type']],
      ['fields=type', ['link', 'name', 'type']],
      ['fields=name', ['link', 'name']],
      ['fields=link', ['link', 'name']],
      ['fields=permissions&fields=type&fields=type', ['link', 'name', 'permissions', 'type']],
    ])('with the fields of %j', async (query, keys) => {
      const { body } = await send(app, ['GET', `${V1}?pattern=api&${query}`]);
      const { users } = body as { users: readonly object[] };
      expect(users.map((user) => Object.keys(user).sort())).toEqual([keys]);
    });

    it.each<[query: string, error: string]>([
      ['limit=x', 'invalid limit parameter "x" must be an integer'],
      ['limit=1.5', 'invalid limit parameter "1.5" must be an integer'],
      ['limit=1e2', 'invalid limit parameter "1e2" must be an integer'],
      ['limit=0x10', 'invalid limit parameter "0x10" must be an integer'],
      ['limit=%201', 'invalid limit parameter " 1" must be an integer'],
      ['limit=9007199254740993', 'invalid limit parameter "9007199254740993" must be an integer'],
      ['limit=-2', 'invalid limit parameter "-2" must be -1 or more'],
      ['offset=-1', 'invalid offset parameter "-1" must be 0 or more'],
      ['offset=x', 'invalid offset parameter "x" must be an integer'],
      ['fields=hash', 'unsupported field "hash"'],
      ['fields=', 'unsupported field ""'],
      ['fields=Type', 'unsupported field "Type"'],
      ['fields=type&fields=__proto__', 'unsupported field "__proto__"'],
      ['fields=hash&pattern=nobody', 'unsupported field "hash"'],
    ])('not by %j', async (query, error) => {
      expect(await send(app, ['GET', `${V1}?${query}`])).toEqual(failure(400, error));
    });

    it.each(['pattern=[', 'pattern=[&limit=-1'])('not by the bad %s', async (query) => {
      const { status, body } = await send(app, ['GET', `${V1}?${query}`]);
      expect([status, body]).toEqual([
        400,
        expect.objectContaining({
          error: expect.stringContaining('invalid pattern "["') as unknown,
        }),
      ]);
    });
  });
});
