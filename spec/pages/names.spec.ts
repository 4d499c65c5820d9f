import { MemoryUserStore } from '../../lib/index.js';
import { openAuth, people } from '../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../support/pages-client.js';
import { markIn } from './users/pages-app.js';

const NEW = { type: 'normal', grants: '', disabled: 'no' };

/** The address of a user's page in a list, as a browser follows it. */
function addressIn(text: string, name: string): string | undefined {
  const links = text.matchAll(/<a\s+href="\/admin(\/user\?[^"]*)"\s*><bdi>([^<]*)<\/bdi>/g);
  const found = [...links].find(([, , shown]) => shown === name);
  return found?.[1]?.replaceAll('&amp;', '&');
}

describe.each([
  ['Latin', 'Zoë'],
  ['Cyrillic', 'Людмила'],
  ['Greek', 'Ἀλέξανδρος'],
  ['Hebrew', 'מרים'],
  ['Arabic', 'فاطمة'],
  ['Devanagari', 'कमल'],
  ['Thai', 'กนก'],
  ['Han', '王小明'],
  ['Hiragana', 'さくら'],
  ['Hangul', '김민준'],
  ['Georgian', 'ნინო'],
  ['Armenian', 'Անահիտ'],
  ['Ethiopic', 'ሰላም'],
  ['letters beyond 16 bits', '𐌰𐌽𐌰𝒜𠮷'],
  ['letters from right to left beside digits', 'שם1-a'],
  ['three dots', '...'],
  ['a hyphen', '-'],
  ['an at sign', '@'],
  ['an underscore', '_'],
  ['an address of mail', 'amy.b-c_d@example.org'],
  ['a word of the pages', 'new'],
  ['a word of JavaScript', '__proto__'],
  ['as many bytes as may be', 'ж'.repeat(127)],
])('a name of %s', (_what, name) => {
  it('can be added, listed, found, shown, used, changed and deleted', async () => {
    const auth = openAuth({ store: new MemoryUserStore(people) });
    const root = await loggedIn(auth, 'root', 'root-pw');
    const added = await root.post('/users/new', { ...NEW, name, password: 'its-pw' });
    expect(added.status).toBe(303);
    expect(await auth.users?.get(name)).toMatchObject({ name });

    const listed = addressIn((await root.get('/users')).text, name);
    const query = `?${new URLSearchParams({ find: name }).toString()}`;
    expect(addressIn((await root.get(`/users${query}`)).text, name)).toBe(listed);
    expect(added.headers.location).toBe(`/admin${listed ?? ''}&done=created`);
    const address = listed ?? '';
    const page = await root.get(address);
    expect([page.status, textOf(page)]).toEqual([
      200,
      expect.stringContaining(`User ${name} `) as unknown,
    ]);

    const own = await loggedIn(auth, name, 'its-pw');
    expect(textOf(await own.get('/account'))).toContain(`Logged in as ${name} `);
    const to = (form: string): string => address.replace('/user?', `/user/${form}?`);
    const rights = { was: markIn({ ...page, to: undefined }), type: 'normal', grants: '' };
    expect((await root.post(to('rights'), { ...rights, permissions: 'api' })).status).toBe(303);
    expect(await auth.users?.get(name)).toMatchObject({ permissions: ['api'] });
    expect((await own.get('/account')).status).toBe(200);
    expect((await root.post(to('sessions'))).status).toBe(303);
    expect((await own.get('/account')).status).toBe(303);
    expect((await root.post(to('password'), { password: 'new-pw' })).status).toBe(303);
    expect((await own.logIn(name, 'its-pw')).status).toBe(403);
    expect((await own.logIn(name, 'new-pw')).status).toBe(303);
    const why = { user: name, method: 'GET', path: '/kapacitor/v1/config' };
    const explained = await root.get(`/why?${new URLSearchParams(why).toString()}`);
    expect(textOf(explained)).toContain(name);

    expect((await root.post(to('delete'), { sure: 'yes' })).status).toBe(303);
    expect(await auth.users?.get(name)).toBeUndefined();
    expect((await root.get(address)).status).toBe(404);
    const audit = await root.get('/audit');
    expect(textOf(audit)).toMatch(/User deleted by root .*127\.0\.0\.1/);
    expect(textOf(audit)).toContain(` ${name} 127.0.0.1`);
  });
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '&lt;script&gt;',
  '&amp;quot;&#39;',
  'a&name=root',
  'a\r\nSet-Cookie: kauth=x\r\n\r\n<script>alert(1)</script>',
  'javascript:alert(1)',
  '{{constructor}}${alert(1)}',
  '<!--',
  '\u202egnp.exe',
  '\u0000',
];

/** A tag as we write it: each value in quotes. */
const TAG = /^<(?:!doctype html|\/?[a-z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*\/?)>$/i;

/** Nothing of a text became markup: each page would have the same without it. */
function expectNoMarkup({ text, headers }: { text: string; headers: Record<string, unknown> }) {
  expect(text).not.toMatch(/<script|<!--|href="javascript:/i);
  const tags = [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  for (const tag of tags) {
    expect(tag).toMatch(TAG);
    expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son/i);
  }
  // The pages themselves ask once for the focus, at what is wrong.
  const focused = tags.filter((tag) => /autofocus/i.test(tag.replace(/"[^"]*"/g, '')));
  expect(focused.length).toBeLessThanOrEqual(1);
  expect(headers['set-cookie'] ?? []).not.toContain('kauth=x');
}

describe.each(HOSTILE)('the text %j', (text) => {
  const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields).toString()}`;

  it('is no name, whoever types it where, and never becomes markup', async () => {
    const auth = openAuth({ store: new MemoryUserStore(people) });
    const root = await loggedIn(auth, 'root', 'root-pw');
    const stranger = pagesClient(pagesApp(auth));
    const asked = [
      await root.post('/users/new', { ...NEW, name: text, password: 'its-pw' }),
      await root.post('/users/new', { ...NEW, name: 'x', grants: text, password: 'its-pw' }),
      await root.get(`/users${query({ find: text, grant: text, type: text })}`),
      await root.get(`/users${query({ after: text })}`),
      await root.get(`/user${query({ name: text, done: text })}`),
      await root.post(`/user/password${query({ name: text })}`, { password: 'x' }),
      await root.post(`/user/delete${query({ name: text })}`, { sure: 'yes' }),
      await root.get(`/why${query({ user: text, method: text, path: text })}`),
      await root.get(`/audit${query({ user: text, address: text, before: text })}`),
      await stranger.logIn(text, 'x'),
      await stranger.get(`/login${query({ next: text, done: text })}`),
      await stranger.get(`/users${query({ find: text })}`),
    ];
    for (const answer of asked) expectNoMarkup(answer);
    expect(asked[0]?.status).toBe(400);
    expect(await auth.users?.list()).toHaveLength(people.length);
  });

  it('is shown as it is where others sent it', async () => {
    const auth = openAuth({ store: new MemoryUserStore(people) });
    const root = await loggedIn(auth, 'root', 'root-pw');
    const path = `/kapacitor/v1/config/${text}`;
    const at = Date.UTC(2026, 10, 28);
    const refused = {
      at,
      event: 'forbidden',
      user: text,
      address: text,
      method: text,
      path,
    } as const;
    const audit = { recent: () => [{ id: 1, code: text, ...refused }] };
    const reader = pagesClient(pagesApp(auth, { audit }));
    await reader.logIn('root', 'root-pw');
    const fields = { database: text, policy: text, cluster: '', url: 'http://a.example:9095' };
    const granted = await root.post('/subscriptions', fields);
    for (const page of [
      await reader.get('/audit'),
      granted,
      await root.get('/subscriptions'),
      await root.post('/subscriptions', { ...fields, url: text }),
      await root.post('/subscriptions/revoke', { id: text, sure: text }),
    ]) {
      expectNoMarkup(page);
    }
  });
});

it.each(['..', '.', 'e\u0301', 'कुमार', 'a b', 'a/b', 'ä'.repeat(128)])(
  'the name %j is refused at its field, and stays there',
  async (name) => {
    const auth = openAuth({ store: new MemoryUserStore(people) });
    const root = await loggedIn(auth, 'root', 'root-pw');
    const page = await root.post('/users/new', { ...NEW, name, password: 'its-pw' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('id="name-problem"');
    expect(page.text).toContain(`value="${name}"`);
    expect(await auth.users?.get('x')).toBeUndefined();
    expect([400, 404]).toContain((await root.get(`/user?name=${encodeURIComponent(name)}`)).status);
  },
);
