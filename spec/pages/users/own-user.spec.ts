import { MemoryUserStore } from '../../../lib/index.js';
import { loggedIn } from '../../support/pages-client.js';
import { browse, closePages, markIn, pagesOver, problemAt, USERS } from './pages-app.js';

afterAll(closePages);

describe("the page of one's own user", () => {
  test('says so, and leads to the account for the password', async () => {
    const { text } = await (await browse('root')).open('/user?name=root');
    expect(text).toContain('This is you.');
    expect(text).toContain('href="/admin/account"');
    expect(text).not.toContain('Set a password');
  });

  test('is about nobody else', async () => {
    const { text } = await (await browse('root')).open('/user?name=ops');
    expect(text).not.toContain('This is you');
    expect(text).not.toContain('own-rights');
    expect(text).not.toContain('own-delete');
  });

  test.each(['root', 'manager', 'reader', 'writer'])(
    'sets no password for %s without the old one',
    async (name) => {
      const { submit, auth } = await browse(name);
      const shown = await submit(`/user/password?name=${name}`, { password: 'another' });
      expect(shown.status).toBe(403);
      expect(shown.text).toContain('<a href="/admin/account">Your account</a>');
      const request = { headers: {}, ip: '203.0.113.7' };
      await expect(auth.verify(name, 'pw', request)).resolves.toMatchObject({ name });
    },
  );

  test.each([
    [
      'rights',
      'own-rights',
      { type: 'normal' },
      'rights',
      'Your rights were changed: log in again.',
    ],
    ['rights', 'own-rights', { type: 'admin', disabled: 'yes' }, 'disabled', 'is disabled now.'],
    ['delete', 'own-delete', { sure: 'yes' }, 'deleted', 'Your account is deleted.'],
  ])('logs out by %s only with a tick at %s: %j', async (path, tick, form, done, text) => {
    const auth = pagesOver();
    const client = await loggedIn(auth, 'root', 'pw');
    const was = /name="was"\s+value="([^"]+)"/.exec((await client.get('/user?name=root')).text);
    const sent = { was: was?.[1] ?? '', grants: '', ...form };
    const refused = await client.post(`/user/${path}?name=root`, sent);
    expect(refused.status).toBe(400);
    expect(problemAt({ status: 400, text: refused.text, to: undefined }, tick)).not.toBe('');
    expect(await auth.users?.get('root')).toEqual({ name: 'root', type: 'admin', permissions: [] });

    const gone = await client.post(`/user/${path}?name=root`, { ...sent, [tick]: 'yes' });
    expect(gone.headers.location).toBe(`/admin/login?done=${done}`);
    expect(String(gone.headers['set-cookie'])).toContain('kauth=; ');
    expect((await client.get(`/login?done=${done}`)).text).toContain(text);
    expect(await auth.users?.get('root')).not.toEqual({
      name: 'root',
      type: 'admin',
      permissions: [],
    });
  });

  test('needs no tick for what leaves one logged in', async () => {
    const { open, submit, auth } = await browse('root');
    const was = markIn(await open('/user?name=root'));
    const form = { was, type: 'admin', permissions: 'api', grants: '' };
    const { to } = await submit('/user/rights?name=root', form);
    expect(to).toBe('/admin/user?name=root&done=rights');
    expect(await auth.users?.get('root')).toMatchObject({ permissions: ['api'] });
  });

  test('ends all own sessions, and says so at the login', async () => {
    const auth = pagesOver(new MemoryUserStore(USERS));
    const [here, there] = [await browse('root', auth), await browse('root', auth)];
    const { to } = await here.submit('/user/sessions?name=root', {});
    expect(to).toBe('/admin/login?done=everywhere');
    expect((await there.open('/users')).to).toContain('/admin/login');
  });
});

describe('a form that is sent after the session ended', () => {
  test.each([
    ['/user/rights?name=amy', '/user?name=amy'],
    ['/user/delete?name=amy', '/user?name=amy'],
    ['/users/new', '/users/new'],
    ['/subscriptions/revoke', '/subscriptions'],
    ['/account/password', '/account'],
  ])('to %s leads back to %s after the login', async (path, page) => {
    const auth = pagesOver();
    const client = await loggedIn(auth, 'root', 'pw');
    await auth.users?.endSessions('root');
    const { location } = (await client.post(path, {})).headers;
    expect(location).toBe(
      `/admin/login?${new URLSearchParams({ done: 'over', next: page }).toString()}`,
    );
    const form = await client.get(String(location).slice('/admin'.length));
    expect(form.text).toContain('was not done');
    const next = new URLSearchParams({ next: page }).toString();
    const back = await client.post(`/login?${next}`, { name: 'root', password: 'pw' });
    expect(back.headers.location).toBe(`/admin${page}`);
  });
});
