import { RecentEvents } from '../../../lib/observe/recent-events.js';
import { openAuth } from '../../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../../support/pages-client.js';

async function trailOf(count: number, event: object = {}) {
  const audit = new RecentEvents();
  for (let index = 0; index < count; index += 1) {
    audit.add({
      at: Date.UTC(2026, 10, 28, 12, 0, index % 60),
      event: 'forbidden',
      user: `user-${String(index)}`,
      address: '192.0.2.7',
      method: 'GET',
      path: '/kapacitor/v1/config',
      code: 'ERR_KAUTH_FORBIDDEN',
      status: 403,
      ...event,
    });
  }
  const client = pagesClient(pagesApp(openAuth(), { audit }));
  await client.logIn('root', 'root-pw');
  return { audit, client };
}

const namesOn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/<bdi>(user-\d+)<\/bdi>/g), ([, name = '']) => name);

describe('the audit page', () => {
  it('is empty at first', async () => {
    const { client } = await trailOf(0);
    expect(textOf(await client.get('/audit'))).toContain('Nothing was refused or changed yet.');
  });

  it('is for administrators', async () => {
    const client = await loggedIn(openAuth(), 'amy', 'amy-pw');
    const page = await client.get('/audit');
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('for administrators');
  });

  it('shows a refusal with its time, and asks why by one click', async () => {
    const { client } = await trailOf(1);
    const { text } = await client.get('/audit');
    expect(text).toContain(
      '<time datetime="2026-11-28T12:00:00.000Z">2026-11-28 12:00:00 UTC</time>',
    );
    const [, href = ''] = /href="\/admin(\/why\?[^"]*)"\s*>Why refused\?/.exec(text) ?? [];
    expect(href.replaceAll('&amp;', '&')).toBe(
      '/why?user=user-0&method=GET&path=%2Fkapacitor%2Fv1%2Fconfig',
    );
    expect(text).toContain('href="/admin/user?name=user-0"');
  });

  it.each([
    ['what a body asked for', { code: 'ERR_KAUTH_ESCALATION', path: '/kapacitor/v1/users' }],
    ['the pages themselves', { path: '/admin/users' }],
    ['another path of the app', { path: '/reports' }],
    ['a path that can not be read', { path: '/kapacitor/v1/%2e%2e/tasks' }],
    ['a path that was cut', { path: '/kapacitor/v1/tasks/cp...' }],
  ])('has no answer to why for %s', async (_what, event) => {
    const { client } = await trailOf(1, event);
    const page = await client.get('/audit');
    expect(page.text).not.toContain('href="/admin/why?');
    const isEscalation = 'code' in event;
    expect(textOf(page).includes('It may not give more than it has.')).toBe(isEscalation);
  });

  it('explains a refused write as a question of its database', async () => {
    const auth = openAuth();
    await auth.users?.update('amy', { permissions: ['api'], grants: ['write:database/one'] });
    const audit = new RecentEvents();
    const code = 'ERR_KAUTH_FORBIDDEN_DATABASE';
    const path = '/kapacitor/v1/write';
    audit.add({ at: 0, event: 'forbidden', user: 'amy', method: 'POST', path, code, status: 403 });
    const client = pagesClient(pagesApp(auth, { audit }));
    await client.logIn('root', 'root-pw');
    const { text } = await client.get('/audit');
    const [, href = ''] = /href="\/admin(\/why\?[^"]*)"\s*>Why refused\?/.exec(text) ?? [];
    const page = await client.get(href.replaceAll('&amp;', '&'));
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/id="path-problem">[^<]*add \?db=NAME/);
    expect(textOf(page)).not.toContain('Allowed');
  });

  it('says nothing of rights that a change left alone', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    await auth.users?.update('amy', { password: 'another' });
    const text = textOf(await client.get('/audit'));
    expect(text).toContain("User changed: password at the first start, or by the app's code");
    expect(text).not.toMatch(/Before|After/);
  });

  it('tells what was only reported, and passed', async () => {
    const { client } = await trailOf(1, { reported: true });
    expect(textOf(await client.get('/audit'))).toContain('only reported: it passed');
    const refused = await trailOf(1);
    expect(textOf(await refused.client.get('/audit'))).not.toContain('only reported');
  });

  it('shows 50 a page, the newest first, and none twice while new ones arrive', async () => {
    const { audit, client } = await trailOf(120);
    const seen: string[] = [];
    let path: string | undefined = '/audit';
    while (path !== undefined) {
      const { text } = await client.get(path);
      const names = namesOn(text);
      expect(names.length).toBeLessThanOrEqual(50);
      seen.push(...names);
      audit.add({ at: 0, event: 'rejected', user: 'late' });
      const [, next] = /href="\/admin(\/audit[^"]*)"\s*>Older</.exec(text) ?? [];
      path = next?.replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `user-${String(119 - index)}`));
  });

  it.each([
    ['?user=user-3', ['user-3']],
    ['?address=192.0.2.7', ['user-3', 'user-2', 'user-1', 'user-0']],
    ['?address=192.0.2.70', []],
    ['?user=user', []],
    ['?before=2', ['user-1', 'user-0']],
    ['?before=x', ['user-3', 'user-2', 'user-1', 'user-0']],
  ])('finds by %s', async (query, names) => {
    const { client } = await trailOf(4);
    const page = await client.get(`/audit${query}`);
    expect(namesOn(page.text)).toEqual(names);
    if (names.length === 0) expect(textOf(page)).toContain('No refusal or change matches.');
  });

  it('says who changed what, from what to what', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    await auth.users
      ?.by({ name: 'root', address: '192.0.2.1' })
      .update('amy', { permissions: ['api', 'write_points'] });
    const text = textOf(await client.get('/audit'));
    expect(text).toMatch(/User changed: permissions by root/);
    expect(text).toMatch(/Before: normal; permissions api After: .*api, write_points/);
    expect(text).toContain('192.0.2.1');
  });

  it('tells of refused logins at the form, as of those at the API', async () => {
    const auth = openAuth();
    const client = await loggedIn(auth, 'root', 'root-pw');
    await pagesClient(client.app).logIn('amy', 'guess');
    const text = textOf(await client.get('/audit'));
    expect(text).toContain('Login refused (401): POST /admin/login ERR_KAUTH_FAILED');
    expect(text).not.toContain('guess');
  });

  it('escapes what strangers send', async () => {
    const { client } = await trailOf(1, { path: '/<script>alert(1)</script>', user: '<b>' });
    expect((await client.get('/audit')).text).not.toMatch(/<script>|<b>/);
  });
});
