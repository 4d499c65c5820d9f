import { openAuth } from '../../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../../support/pages-client.js';

const asks = (query: Readonly<Record<string, string>>): string =>
  `/why?${new URLSearchParams(query).toString()}`;
const TASKS = '/kapacitor/v1/tasks';

describe('the page that tells why a request is refused', () => {
  it('shows an empty form', async () => {
    const page = await (await loggedIn(openAuth(), 'amy', 'amy-pw')).get('/why');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/name="user"/);
    expect(textOf(page)).not.toContain('Refused');
  });

  it('says which rule and entry refuse, and what would allow it', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    const page = await client.get(
      asks({ user: 'amy', method: 'POST', path: '/kapacitor/v1/write?db=telegraf' }),
    );
    const text = textOf(page);
    for (const part of ['Refused', '403', '/api/write', 'write_points', 'Any one of these'])
      expect(text).toContain(part);
    expect(page.text).toContain('href="/admin/user?name=amy"');
    expect(page.text).toContain('value="/kapacitor/v1/write?db=telegraf"');
  });

  it('says what allows', async () => {
    const client = await loggedIn(openAuth(), 'root', 'root-pw');
    const text = textOf(await client.get(asks({ user: 'amy', method: 'get', path: TASKS })));
    expect(text).toContain('Allowed');
    expect(text).toContain('permission api');
  });

  it.each([
    ['POST', '/kapacitor/v1/write'],
    ['POST', '/write?db='],
    ['PUT', '/kapacitor/v1preview/WRITE?rp=autogen'],
  ])('calls no write without a database allowed: %s %s', async (method, path) => {
    const client = await loggedIn(openAuth(), 'root', 'root-pw');
    const page = await client.get(asks({ method, path }));
    expect(page.text).toMatch(/id="path-problem">[^<]*add \?db=NAME/);
    expect(textOf(page)).toContain('Depends on the database');
    expect(textOf(page)).not.toContain('Allowed');
    const full = new URL(path, 'http://x');
    full.searchParams.set('db', 'telegraf');
    const told = await client.get(asks({ method, path: `${full.pathname}${full.search}` }));
    expect(textOf(told)).toContain('Allowed');
  });

  it('takes a whole URL', async () => {
    const client = await loggedIn(openAuth(), 'amy', 'amy-pw');
    const path = `http://kapacitor.example:9092${TASKS}`;
    expect(textOf(await client.get(asks({ method: 'GET', path })))).toContain(
      `Allowed GET ${TASKS}`,
    );
  });

  it.each([
    ['an unknown user', { user: 'nobody', path: TASKS }, 'user', 'no user of this name'],
    ['an ambiguous path', { path: '/kapacitor/v1/%2e%2e/x%2fy' }, 'path', 'can not be read'],
    ['a path without a slash', { path: 'tasks' }, 'path', 'begins with a slash'],
    ['an odd method', { method: 'G T', path: TASKS }, 'method', 'a word such as GET'],
  ])('tells at the field of %s', async (_what, query, field, text) => {
    const client = await loggedIn(openAuth(), 'root', 'root-pw');
    const page = await client.get(asks(query));
    expect(page.status).toBe(400);
    expect(page.text).toContain(`id="${field}-problem"`);
    expect(textOf(page)).toContain(text);
  });

  it.each(['root', 'nobody'])('tells a normal user nothing of %s', async (user) => {
    const client = await loggedIn(openAuth(), 'amy', 'amy-pw');
    const page = await client.get(asks({ user, path: TASKS }));
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('only an administrator may');
  });

  it('says of a disabled user that it is disabled', async () => {
    const auth = openAuth();
    await auth.users?.update('amy', { disabled: true });
    const client = await loggedIn(auth, 'root', 'root-pw');
    const text = textOf(await client.get(asks({ user: 'amy', path: TASKS })));
    expect(text).toContain('401');
    expect(text).toContain('until the user is enabled');
  });

  it('works without authentication', async () => {
    const auth = openAuth({ http: { authEnabled: false } });
    const page = await pagesClient(pagesApp(auth)).get(asks({ path: TASKS }));
    expect(textOf(page)).toContain('Allowed');
  });
});
