import type { KapacitorAuthEvents } from '../../../lib/index.js';
import { kapacitorAuth, MemoryUserStore, OverloadedError } from '../../../lib/index.js';
import { sessionsFor } from '../../authenticate/sessions/begin-session.js';
import { basic, openAuth } from '../../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../../support/pages-client.js';

const USERS = [
  { name: 'root', password: 'root-pw', type: 'admin' },
  { name: 'amy', password: 'amy-pw', permissions: ['api'], grants: ['write:database/telegraf'] },
  { name: 'nil', password: 'nil-pw', permissions: [] },
] as const;

const open = () => openAuth({ store: new MemoryUserStore(USERS) });

describe('the page of the own account', () => {
  it.each([
    ['root', ['administrator', 'An administrator may do everything.']],
    ['amy', ['api', 'write:database/telegraf', 'Databases', '/database/telegraf']],
    ['nil', ['normal', 'Endpoints: nothing.']],
  ])('tells %s who it is and what it may do', async (name, texts) => {
    const client = await loggedIn(open(), name, `${name}-pw`);
    const page = await client.get('/account');
    expect(page.status).toBe(200);
    for (const text of texts) expect(textOf(page)).toContain(text);
    expect(textOf(page).includes('Permissions')).toBe(name !== 'root');
  });

  it('holds no hash', async () => {
    const client = await loggedIn(open(), 'amy', 'amy-pw');
    expect((await client.get('/account')).text).not.toMatch(/\$2[aby]\$/);
  });

  it('is not there if authentication is off', async () => {
    const auth = openAuth({ http: { authEnabled: false } });
    const { status } = await pagesClient(pagesApp(auth)).get('/account');
    expect(status).toBe(404);
  });
});

describe('a new password by its user', () => {
  const good = { old: 'amy-pw', new: 'fresh-pw', again: 'fresh-pw' };

  it('works at once, keeps this browser logged in, and ends all other sessions', async () => {
    const auth = open();
    const here = await loggedIn(auth, 'amy', 'amy-pw');
    const there = await loggedIn(auth, 'amy', 'amy-pw');
    const { status, headers } = await here.post('/account/password', good);
    expect([status, headers.location]).toEqual([303, '/admin/account?done=password']);
    const shown = await here.get('/account?done=password');
    expect(textOf(shown)).toContain('Your password is changed.');
    expect((await there.get('/account')).status).toBe(303);
    const request = (password: string) => ({ headers: { authorization: basic('amy', password) } });
    await expect(auth.authenticate(request('amy-pw'))).rejects.toThrow();
    await expect(auth.authenticate(request('fresh-pw'))).resolves.toMatchObject({ name: 'amy' });
  });

  it('is not called undone if this browser can not stay logged in just now', async () => {
    const auth = open();
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    const sessions = sessionsFor(auth);
    jest.spyOn(sessions, 'begin').mockRejectedValueOnce(new OverloadedError('too many wait'));
    const { status, headers } = await client.post('/account/password', good);
    expect([status, headers.location]).toEqual([303, '/admin/login?done=password']);
    expect(textOf(await client.get('/login?done=password'))).toContain('Your password is changed');
    expect((await client.logIn('amy', 'fresh-pw')).status).toBe(303);
  });

  it('is told to listeners, with its maker', async () => {
    const auth = open();
    const events: KapacitorAuthEvents['userChanged'][] = [];
    auth.on('userChanged', (event) => events.push(event));
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    await client.post('/account/password', good);
    expect(events).toMatchObject([
      { user: 'amy', actor: 'amy', change: 'updated', fields: ['password'] },
    ]);
  });

  it.each([
    ['a wrong old password', { ...good, old: 'guess' }, 403, 'The old password is wrong.'],
    ['no old password', { ...good, old: '' }, 400, 'Enter your old password.'],
    ['no new password', { ...good, new: '', again: '' }, 400, 'Enter a new password.'],
    ['new ones that differ', { ...good, again: 'fresh' }, 400, 'The two new passwords differ.'],
    ['73 bytes', { ...good, ...both('é'.repeat(36) + 'x') }, 400, 'longer than 72 bytes'],
    ['a control character', { ...good, ...both('a\tb') }, 400, 'control characters'],
  ])('is refused for %s', async (_what, form, status, text) => {
    const auth = open();
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    const page = await client.post('/account/password', form);
    expect(page.status).toBe(status);
    expect(textOf(page)).toContain(text);
    expect(page.text).toMatch(/aria-invalid="true"/);
    for (const password of [form.old, form.new]) {
      if (password !== '') expect(page.text).not.toContain(`"${password}"`);
    }
    await expect(auth.verify('amy', 'amy-pw', { headers: {} })).resolves.toBeDefined();
  });

  it('counts wrong old passwords as failed logins, and tells of them', async () => {
    const auth = openAuth({
      store: new MemoryUserStore(USERS),
      throttle: { failuresPerUser: 2 },
    });
    const rejected: KapacitorAuthEvents['rejected'][] = [];
    auth.on('rejected', (event) => rejected.push(event));
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    for (const old of ['guess-1', 'guess-2'])
      await client.post('/account/password', { ...good, old });
    const page = await client.post('/account/password', { ...good, old: 'guess-3' });
    expect(page.status).toBe(429);
    expect(page.headers['retry-after']).toMatch(/^\d+$/);
    expect(rejected.map(({ code, user }) => [code, user]).slice(0, 2)).toEqual([
      ['ERR_KAUTH_FAILED', 'amy'],
      ['ERR_KAUTH_FAILED', 'amy'],
    ]);
    await expect(auth.users?.get('amy')).resolves.toMatchObject({ name: 'amy' });
  });

  it('is not set if somebody else changes the password meanwhile', async () => {
    class Late extends MemoryUserStore {
      beforeUpdate: (() => Promise<void>) | undefined;
      override async update(...parameters: Parameters<MemoryUserStore['update']>) {
        const before = this.beforeUpdate;
        this.beforeUpdate = undefined;
        await before?.();
        return super.update(...parameters);
      }
    }
    const store = new Late(USERS);
    const auth = openAuth({ store });
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    store.beforeUpdate = async () => {
      await auth.users?.update('amy', { password: 'reset-by-root' });
    };
    const page = await client.post('/account/password', good);
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('changed meanwhile by somebody else');
    await expect(auth.verify('amy', 'reset-by-root', { headers: {} })).resolves.toBeDefined();
  });

  it('is changed elsewhere if the users are kept elsewhere', async () => {
    const users = new MemoryUserStore(USERS);
    const auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      store: { open: () => users.open(), find: (name) => users.find(name) },
    });
    const client = await loggedIn(auth, 'amy', 'amy-pw');
    const page = await client.get('/account');
    expect(textOf(page)).toContain('It is changed where users are kept, not here.');
    expect(page.text).not.toContain('/account/password');
    expect((await client.post('/account/password', good)).status).toBe(404);
    await auth.close();
  });
});

describe('logging out everywhere', () => {
  it('ends all sessions of the user, and tells listeners', async () => {
    const auth = open();
    const events: KapacitorAuthEvents['userChanged'][] = [];
    auth.on('userChanged', (event) => events.push(event));
    const here = await loggedIn(auth, 'amy', 'amy-pw');
    const there = await loggedIn(auth, 'amy', 'amy-pw');
    const root = await loggedIn(auth, 'root', 'root-pw');
    const { status, headers } = await here.post('/account/sessions');
    expect([status, headers.location]).toEqual([303, '/admin/login?done=everywhere']);
    for (const client of [here, there]) expect((await client.get('/account')).status).toBe(303);
    expect((await root.get('/account')).status).toBe(200);
    expect(events).toMatchObject([{ user: 'amy', actor: 'amy', fields: ['sessions'] }]);
    expect((await here.logIn('amy', 'amy-pw')).status).toBe(303);
    expect((await here.get('/account')).status).toBe(200);
  });
});

function both(password: string): { readonly new: string; readonly again: string } {
  return { new: password, again: password };
}
