import { hashSync } from 'bcrypt';
import type { ListOptions, UserStore } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { browse, closePages, pagesOver, USERS } from './pages-app.js';

afterAll(closePages);

const hash = hashSync('pw', 4);

/** The names of the users that a page lists. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/<th scope="row">\s*<a [^>]*><bdi>([^<]*)<\/bdi>/g)].map(
    ([, name = '']) => name,
  );
}

describe('the list of users', () => {
  test.each([
    ['', ['amy', 'bob', 'manager', 'ops', 'reader', 'root', 'writer', 'zoë']],
    ['?find=r', ['reader', 'root', 'writer'].filter((name) => name.startsWith('r'))],
    ['?find=*e*', ['manager', 'reader', 'writer']],
    ['?find=zo%C3%AB', ['zoë']],
    ['?type=admin', ['ops', 'root']],
    ['?permission=api', ['amy', 'manager']],
    ['?grant=write:database/telegraf', ['zoë']],
    ['?disabled=yes', ['bob']],
    ['?disabled=no&find=*b*', []],
    ['?type=normal&permission=write_points', ['writer']],
  ])('of %j shows %j', async (query, names) => {
    const { open } = await browse('root');
    const page = await open(`/users${query}`);
    expect({ status: page.status, names: namesIn(page.text) }).toEqual({ status: 200, names });
  });

  test('says that no user is like that, and leads back to all', async () => {
    const { open } = await browse('root');
    const { text } = await open('/users?find=nobody');
    expect(text).toContain('No user is like that');
    expect(text).toContain('href="/admin/users"');
  });

  test.each([
    ['find', '?find=[', '['],
    ['grant', '?grant=telegraf', 'telegraf'],
  ])('says at the field %s that it can not be read, and keeps it', async (field, query, typed) => {
    const { open } = await browse('root');
    const { status, text } = await open(`/users${query}`);
    expect(status).toBe(400);
    expect(text).toContain(`id="${field}-problem"`);
    expect(text).toContain(`value="${typed}"`);
  });

  test('shows 50 users on a page of at most 30 kB, and leads to the next with the filters', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      name: `user-${String(index).padStart(3, '0')}`,
      hash,
      permissions: ['api', 'write_points'] as const,
    }));
    const { open } = await browse('root', pagesOver(new MemoryUserStore([...USERS, ...many])));
    const seen: string[] = [];
    let path: string | undefined = '/users?find=user-&type=normal';
    let pages = 0;
    while (path !== undefined) {
      const { text } = await open(path);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(30_000);
      seen.push(...namesIn(text));
      pages += 1;
      const next = /rel="next" href="\/admin([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      if (next !== undefined) expect(next).toContain('find=user-&type=normal');
      path = next;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(many.map(({ name }) => name));
  });

  test("filters itself if an app's own store does not, and goes on from there", async () => {
    const many = Array.from({ length: 700 }, (_, index) => ({
      name: `user-${String(index).padStart(3, '0')}`,
      hash,
      disabled: index === 699,
    }));
    const store = new MemoryUserStore([...USERS, ...many]);
    const list = store.list.bind(store);
    const unaware: UserStore = Object.assign(store, {
      list: ({ disabled: _disabled, ...options }: ListOptions = {}) => list(options),
    });
    const { open } = await browse('root', pagesOver(unaware));
    expect(namesIn((await open('/users?disabled=yes')).text)).toEqual(['bob', 'user-699']);
  });

  test('shows a damaged user by name, with the problem', async () => {
    const store = new MemoryUserStore(USERS);
    const list = store.list.bind(store);
    const damaged: UserStore = Object.assign(store, {
      list: (options: ListOptions = {}) => {
        options.onUnusable?.({ name: 'd\\xffmaged', problem: 'a row that can not be used' });
        return list(options);
      },
    });
    const { open } = await browse('root', pagesOver(damaged));
    const { text } = await open('/users');
    expect(text).toContain('d\\xffmaged');
    expect(text).toContain('a row that can not be used');
  });

  test('is refused for who may not list users by the API, and offers a reader no forms', async () => {
    expect((await (await browse('writer')).open('/users')).status).toBe(403);
    const reader = await browse('reader');
    const list = await reader.open('/users');
    expect(list.status).toBe(200);
    expect(list.text).not.toContain('New user');
    expect((await reader.open('/users/new')).status).toBe(403);
    const user = await reader.open('/user?name=amy');
    expect(user.status).toBe(200);
    expect(user.text).not.toContain('/admin/user/');
  });
});
