import { heard } from '../../observe/heard.js';
import { openAuth } from '../../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../../support/pages-client.js';

const URL = 'http://gateway.example:9095';
const FORM = { database: 'telegraf', policy: 'autogen', cluster: '', url: URL };

const points = (token: string) => ({
  headers: {
    authorization: `Basic ${Buffer.from(`~subscriber:${token}`).toString('base64')}`,
  },
});

describe('the page of subscriptions', () => {
  it('says that there is none', async () => {
    const client = await loggedIn(openAuth(), 'root', 'root-pw');
    expect(textOf(await client.get('/subscriptions'))).toContain('There is no subscription.');
  });

  it('is for administrators', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    for (const answer of [
      await client.get('/subscriptions'),
      await client.post('/subscriptions', FORM),
      await client.post('/subscriptions/revoke', { id: 'x', sure: 'x' }),
    ])
      expect(answer.status).toBe(403);
    await expect(auth.subscriptions?.list()).resolves.toEqual([]);
  });

  it('shows the statement with the token once, and the token works', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    const page = await client.post('/subscriptions', FORM);
    expect(page.status).toBe(200);
    const [, token = ''] =
      /http:\/\/~subscriber:(.+)@gateway\.example:9095'/.exec(textOf(page)) ?? [];
    expect(textOf(page)).toMatch(
      /CREATE SUBSCRIPTION "kapacitor-auth-[0-9a-f]{16}" ON "telegraf"."autogen" DESTINATIONS ALL/,
    );
    await expect(auth.authenticate(points(decodeURIComponent(token)))).resolves.toMatchObject({
      source: 'subscription',
    });
    const again = await client.get('/subscriptions');
    expect(token).not.toBe('');
    expect(again.text).not.toContain(token);
    expect(textOf(again)).toContain('telegraf autogen default');
  });

  it('grants every database, and shows the destination', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    const form = { ...FORM, database: '', every: 'yes', cluster: 'eu' };
    const text = textOf(await client.post('/subscriptions', form));
    expect(text).toMatch(/http:\/\/~subscriber:.+@gateway\.example:9095/);
    expect(text).not.toContain('CREATE');
    expect(text).toContain('every database all eu');
  });

  it.each([
    ['no database', { ...FORM, database: '' }, 'database'],
    ['a database and every database', { ...FORM, every: 'yes' }, 'database'],
    ['no policy', { ...FORM, policy: '' }, 'policy'],
    ['a cluster with a semicolon', { ...FORM, cluster: 'a;b' }, 'cluster'],
    ['no URL', { ...FORM, url: '' }, 'url'],
    ['a URL with a password', { ...FORM, url: 'http://a:b@c' }, 'url'],
  ])('tells at the field of %s, and keeps what was typed', async (_what, form, field) => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    const page = await client.post('/subscriptions', form);
    expect(page.status).toBe(400);
    expect(page.text).toContain(`id="${field}-problem"`);
    for (const value of [form.database, form.url]) expect(page.text).toContain(`value="${value}"`);
    await expect(auth.subscriptions?.list()).resolves.toEqual([]);
  });

  it('tells listeners and the audit page who granted and revoked, not the token', async () => {
    const auth = openAuth();
    const events = heard(auth, ['subscriptionChanged']);
    const client = await loggedIn(auth, 'root', 'root-pw');
    const granted = textOf(await client.post('/subscriptions', FORM));
    const [, token = ''] = /~subscriber:(.+)@gateway/.exec(granted) ?? [];
    const { id = '' } = (await auth.subscriptions?.list())?.at(0) ?? {};
    await client.post('/subscriptions/revoke', { id, sure: id });
    const told = { actor: 'root', address: expect.stringContaining('127.0.0.1') };
    expect(events).toEqual([
      expect.objectContaining({ change: 'granted', id, database: 'telegraf', ...told }),
      expect.objectContaining({ change: 'revoked', id, database: 'telegraf', ...told }),
    ]);
    const page = await client.get('/audit?user=root');
    for (const what of ['granted', 'revoked'])
      expect(textOf(page)).toContain(
        `Subscription ${what} by root Database telegraf ; retention policy autogen ; InfluxDB default ; id ${id}`,
      );
    expect(token).not.toBe('');
    expect(page.text).not.toContain(decodeURIComponent(token));
  });

  it('revokes what is ticked, and nothing else', async () => {
    const auth = openAuth();
    const granted = await auth.subscriptions?.grant({ database: 'telegraf' });
    const { id = '', token = '' } = granted ?? {};
    const client = await loggedIn(auth, 'root', 'root-pw');
    expect((await client.post('/subscriptions/revoke', { id })).status).toBe(400);
    await expect(auth.authenticate(points(token))).resolves.toBeDefined();
    const { headers } = await client.post('/subscriptions/revoke', { id, sure: id });
    expect(headers.location).toBe('/admin/subscriptions?done=revoked');
    await expect(auth.authenticate(points(token))).rejects.toThrow();
    expect(textOf(await client.get('/subscriptions?done=revoked'))).toContain('is revoked');
    const again = await client.post('/subscriptions/revoke', { id, sure: id });
    expect(again.headers.location).toBe('/admin/subscriptions?done=gone');
  });

  it('shows 50 a page, each once', async () => {
    const auth = openAuth();
    for (let index = 0; index < 120; index += 1)
      await auth.subscriptions?.grant({ database: `db-${String(index % 7)}` });
    const client = await loggedIn(auth, 'root', 'root-pw');
    const ids: string[] = [];
    let path: string | undefined = '/subscriptions';
    while (path !== undefined) {
      const { text } = await client.get(path);
      const found = Array.from(text.matchAll(/<code>([0-9a-f]{16})<\/code>/g), ([, id = '']) => id);
      expect(found.length).toBeLessThanOrEqual(50);
      ids.push(...found);
      const [, next] = /href="\/admin(\/subscriptions\?after[^"]*)"/.exec(text) ?? [];
      path = next?.replaceAll('&amp;', '&');
    }
    const all = (await auth.subscriptions?.list())?.map(({ id }) => id) ?? [];
    expect([...ids].sort()).toEqual([...all].sort());
  });

  it('takes away the right with the rights of the user', async () => {
    const auth = openAuth();
    await auth.users?.create({ name: 'boss', password: 'boss-pw', type: 'admin' });
    const client = await loggedIn(auth, 'boss', 'boss-pw');
    await auth.users?.update('boss', { type: 'normal' });
    const { headers } = await client.post('/subscriptions', FORM);
    expect(headers.location).toBe('/admin/login?done=over&next=%2Fsubscriptions');
    await expect(auth.subscriptions?.list()).resolves.toEqual([]);
  });

  it('is not there if the store keeps none', async () => {
    const auth = openAuth({ store: { find: () => undefined }, http: { authEnabled: false } });
    const client = pagesClient(pagesApp(auth));
    expect((await client.get('/subscriptions')).status).toBe(404);
  });
});
