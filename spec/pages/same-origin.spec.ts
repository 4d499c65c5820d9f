import { adminPages } from '../../lib/index.js';
import { ROUTES } from '../../lib/pages/routes.js';
import { openAuth } from '../support/open-auth.js';
import type { PagesClient } from '../support/pages-client.js';
import { loggedIn, pagesApp, pagesClient } from '../support/pages-client.js';

const POSTS = [
  '/login',
  '/logout',
  ...Array.from(ROUTES)
    .filter(([, { POST }]) => POST !== undefined)
    .map(([path]) => path),
];

type Fields = Readonly<Record<string, string>>;

async function statusOf({ agent }: PagesClient, path: string, fields: Fields): Promise<number> {
  const { status } = await agent.post(`/admin${path}`).type('form').set(fields).send('');
  return status;
}

const FOREIGN: readonly (readonly [string, Fields])[] = [
  ...['same-site', 'cross-site', 'none', 'SAME-ORIGIN', 'odd', ''].map(
    (site) => [`Sec-Fetch-Site: ${site}`, { 'Sec-Fetch-Site': site }] as const,
  ),
  [
    'a foreign site from our origin',
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost' },
  ],
  ['nothing', {}],
  ...[
    'http://elsewhere.example',
    'null',
    'http://localhost:81',
    'https://localhost',
    'http://localhost.elsewhere.example',
    'http://localhost/',
  ].map((origin) => [`Origin: ${origin}`, { Origin: origin }] as const),
];

describe.each(POSTS)('a form to %s', (path) => {
  it.each(FOREIGN)('is refused with %s', async (_what, fields) => {
    const client = await loggedIn(openAuth(), 'root', 'root-pw');
    expect(await statusOf(client, path, fields)).toBe(403);
    expect((await client.get('/why')).status).toBe(200);
  });

  it.each<readonly [string, Fields]>([
    ['Sec-Fetch-Site: same-origin', { 'Sec-Fetch-Site': 'same-origin' }],
    ['our Origin', { Origin: 'http://localhost' }],
  ])('is judged by its content with %s', async (_what, fields) => {
    const client = pagesClient(pagesApp(openAuth()));
    const { text } = await client.agent.post(`/admin${path}`).type('form').set(fields).send('');
    expect(text).not.toContain('was not sent by a page of this server');
  });
});

describe('the option origin', () => {
  const form = 'name=root&password=root-pw';
  it.each([
    ['http://pages.localhost', 303],
    ['http://localhost', 403],
  ])('takes the place of the host for %s', async (origin, status) => {
    const { agent } = pagesClient(pagesApp(openAuth(), { origin: 'http://pages.localhost' }));
    const answer = await agent.post('/admin/login').type('form').set({ Origin: origin }).send(form);
    expect(answer.status).toBe(status);
  });
});

it('a base path that can not be used is told with one that can', () => {
  expect(() => adminPages(openAuth(), { basePath: 'admin' })).toThrow(
    'basePath is a path such as "/admin", without a slash at its end, not "admin"',
  );
});
