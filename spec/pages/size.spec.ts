import { MemoryUserStore } from '../../lib/index.js';
import { openAuth, people } from '../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient } from '../support/pages-client.js';
import { markIn } from './users/pages-app.js';

it('the style sheet has at most 8 kB, and browsers keep it', async () => {
  const { text, headers } = await pagesClient(pagesApp(openAuth())).get('/style.css');
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8000);
  expect(text).toContain('color-scheme');
  expect(headers['content-type']).toMatch(/^text\/css/);
});

describe('a user with as many grants as one may have', () => {
  const grants = Array.from(
    { length: 256 },
    (_, each) => `write:database/mandant-für-größere-aufträge-${String(each).padStart(3, '0')}`,
  );

  it('is shown on a page of bounded size, and can be changed there', async () => {
    const store = new MemoryUserStore([...people, { name: 'bob', password: 'bob-pw', grants }]);
    const auth = openAuth({ store });
    const root = await loggedIn(auth, 'root', 'root-pw');
    const { text } = await root.get('/user?name=bob');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(150_000);
    for (const grant of grants) expect(text).toContain(grant);
    const form = { type: 'normal', permissions: 'api', grants: grants.join('\r\n') };
    const was = markIn({ status: 200, text, to: undefined });
    expect((await root.post('/user/rights?name=bob', { ...form, was })).status).toBe(303);
    expect(await auth.users?.get('bob')).toMatchObject({ permissions: ['api'], grants });
  });

  it('may see the own rights, and log in', async () => {
    const auth = openAuth({
      store: new MemoryUserStore([{ name: 'bob', password: 'pw', grants }]),
    });
    const bob = await loggedIn(auth, 'bob', 'pw');
    const { status, text } = await bob.get('/account');
    expect(status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(150_000);
    expect(text).toContain('mandant-für-größere-aufträge-255');
  });

  it('is refused if the form is longer than all of that', async () => {
    const root = await loggedIn(openAuth(), 'root', 'root-pw');
    const form = { type: 'normal', grants: 'x'.repeat(64 * 1024) };
    expect((await root.post('/user/rights?name=amy', form)).status).toBe(413);
  });
});
