import { MemoryUserStore, StoreUnavailableError } from '../../../lib/index.js';
import type { FormFields as Form } from '../../support/pages-client.js';
import { browse, closePages, markIn, pagesOver, problemAt, USERS } from './pages-app.js';

afterAll(closePages);

const NEW: Form = {
  name: 'new',
  type: 'normal',
  grants: '',
  password: 'secret-word',
  disabled: 'no',
};

describe('the form for a new user', () => {
  test('adds a user with everything that was typed', async () => {
    const { submit, open, auth } = await browse('root');
    const form = {
      ...NEW,
      permissions: ['api', 'write_points'],
      grants: 'write:database/telegraf\r\n\r\nread:tasks/team.*',
      disabled: 'yes',
    };
    const { status, to } = await submit('/users/new', form);
    expect({ status, to }).toEqual({ status: 303, to: '/admin/user?name=new&done=created' });
    expect((await open('/user?name=new&done=created')).text).toContain('The user was added.');
    expect(await auth.users?.get('new')).toEqual({
      name: 'new',
      type: 'normal',
      permissions: ['api', 'write_points'],
      grants: ['write:database/telegraf', 'read:tasks/team.*'],
      disabled: true,
    });
  });

  test('shows a password that it made once, and it is the right one', async () => {
    const { submit, open, auth } = await browse('root');
    const { status, text } = await submit('/users/new', { ...NEW, password: '', generate: 'yes' });
    const password = /class="secret">([^<]+)</.exec(text)?.[1] ?? '';
    expect(status).toBe(200);
    const request = { headers: {}, ip: '203.0.113.7' };
    await expect(auth.verify('new', password, request)).resolves.toMatchObject({
      name: 'new',
    });
    expect((await open('/user?name=new')).text).not.toContain(password);
  });

  test.each<[field: string, status: number, form: Form]>([
    ['name', 400, { name: '' }],
    ['name', 400, { name: '<script>alert(1)</script>' }],
    ['name', 400, { name: '..' }],
    ['name', 409, { name: 'amy' }],
    ['password', 400, { password: '' }],
    ['password', 400, { password: 'x'.repeat(73) }],
    ['password', 400, { generate: 'yes' }],
    ['grants', 400, { grants: 'telegraf' }],
    ['grants', 400, { type: 'admin', grants: 'write:database/telegraf' }],
  ])(
    'says at %s with %i what is wrong with %j, and keeps the rest',
    async (field, status, form) => {
      const { submit } = await browse('root');
      const sent = { ...NEW, ...form };
      const shown = await submit('/users/new', sent);
      expect(shown.status).toBe(status);
      expect(problemAt(shown, field)).not.toBe('');
      const focused = Array.from(shown.text.matchAll(/<[^<>]*\sautofocus[^<>]*>/g), String);
      expect(focused).toEqual([expect.stringContaining(`id="${field}"`)]);
      expect(shown.text).not.toContain('<script');
      expect(shown.text).not.toContain('secret-word');
      if (field !== 'name') expect(shown.text).toContain('value="new"');
    },
  );

  test('says all that is wrong at once', async () => {
    const { submit } = await browse('root');
    const shown = await submit('/users/new', { ...NEW, name: '', password: '', grants: 'x' });
    expect(['name', 'password', 'grants'].map((field) => problemAt(shown, field))).not.toContain(
      '',
    );
  });

  test.each<[field: string, form: Form]>([
    ['type', { type: 'admin' }],
    ['permissions', { permissions: 'write_points' }],
    ['grants', { grants: 'write:database/telegraf' }],
  ])('gives nobody more %s than who makes it has', async (field, form) => {
    const { submit, auth } = await browse('manager');
    const shown = await submit('/users/new', { ...NEW, ...form });
    expect(shown.status).toBe(403);
    expect(shown.text).toContain(`href="#${field}"`);
    expect(await auth.users?.get('new')).toBeUndefined();
  });
});

describe('the page of a user', () => {
  test('says so if a store of the app can not end sessions', async () => {
    const store = Object.defineProperty(new MemoryUserStore(USERS), 'keepsSessions', {
      value: false,
    });
    const { submit } = await browse('root', pagesOver(store));
    const shown = await submit('/user/sessions?name=amy', {});
    expect(shown.status).toBe(409);
    expect(shown.text).toContain('can not end sessions');
  });

  test('shows effective privileges, and no hash', async () => {
    const { open } = await browse('root');
    const { text } = await open('/user?name=zo%C3%AB');
    expect(text).toContain('<code>/database/telegraf</code>');
    expect(text).toContain('<code>/api/ping</code>');
    expect(text).not.toMatch(/\$2[aby]\$/);
  });

  test.each([
    'nobody',
    '..',
    '.',
    '"\'&<script>alert(1)</script>',
    'имя',
    '名前',
    'اسم',
    '%00',
    '',
  ])('says of %j that there is no such user, or that it can not be asked for', async (name) => {
    const { open } = await browse('root');
    const { status, text } = await open(`/user?${new URLSearchParams({ name }).toString()}`);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('<script');
  });

  test.each(['имя', '名前', 'اسم', 'שם', 'a.b-c_d@e', '...'])('manages %j', async (name) => {
    const { open, submit, auth } = await browse('root');
    await submit('/users/new', { ...NEW, name });
    const query = new URLSearchParams({ name }).toString();
    const page = await open(`/user?${query}`);
    expect(page.text).toContain(`User ${name}`);
    const form = { was: markIn(page), type: 'normal', permissions: 'api', grants: '' };
    expect((await submit(`/user/rights?${query}`, form)).status).toBe(303);
    expect(await auth.users?.get(name)).toMatchObject({ permissions: ['api'] });
    expect((await submit(`/user/delete?${query}`, { sure: 'yes' })).status).toBe(303);
    expect(await auth.users?.get(name)).toBeUndefined();
  });

  test('tells of what another changed meanwhile, and overwrites nothing', async () => {
    const { open, submit, auth } = await browse('root');
    const was = markIn(await open('/user?name=amy'));
    await auth.users?.update('amy', { permissions: ['config_api'] });
    const form = { was, type: 'normal', permissions: 'write_points', grants: '' };
    const shown = await submit('/user/rights?name=amy', form);
    expect(shown.status).toBe(409);
    expect(shown.text).toContain('Somebody else changed this user');
    expect(shown.text).toContain('<dd>config_api</dd>');
    expect(shown.text).toMatch(/value="config_api"\s+checked/);
    expect(shown.text).not.toMatch(/value="write_points"\s+checked/);
    expect(shown.text).toContain('<li>Permission: with write_points</li>');
    expect(shown.text).toContain('<li>Permission: without config_api</li>');
    expect(await auth.users?.get('amy')).toMatchObject({ permissions: ['config_api'] });
    await submit('/user/rights?name=amy', { ...form, was: markIn(shown) });
    expect(await auth.users?.get('amy')).toMatchObject({ permissions: ['write_points'] });
  });

  test('overwrites no change of another after a mistake either', async () => {
    const { open, submit, auth } = await browse('root');
    const was = markIn(await open('/user?name=amy'));
    await auth.users?.update('amy', { permissions: ['config_api'] });
    const form = { was, type: 'normal', permissions: 'api' };
    const mistaken = await submit('/user/rights?name=amy', { ...form, grants: 'nothing' });
    expect(mistaken.status).toBe(400);
    const again = await submit('/user/rights?name=amy', { ...form, was: markIn(mistaken) });
    expect(again.status).toBe(409);
    expect(await auth.users?.get('amy')).toMatchObject({ permissions: ['config_api'] });
  });

  test('keeps the permissions of somebody who becomes an admin, for later', async () => {
    const { open, submit, auth } = await browse('root');
    const was = markIn(await open('/user?name=amy'));
    const form = { was, type: 'admin', permissions: 'api', grants: '' };
    expect((await submit('/user/rights?name=amy', form)).status).toBe(303);
    expect(await auth.users?.get('amy')).toMatchObject({ type: 'admin', permissions: ['api'] });
  });

  test('takes away no grants without a word: an admin has none', async () => {
    const { open, submit, auth } = await browse('root');
    const path = `name=${encodeURIComponent('zoë')}`;
    const was = markIn(await open(`/user?${path}`));
    const grants = 'write:database/telegraf';
    const shown = await submit(`/user/rights?${path}`, { was, type: 'admin', grants });
    expect(shown.status).toBe(400);
    expect(problemAt(shown, 'grants')).toContain('remove them first');
    expect(await auth.users?.get('zoë')).toMatchObject({ type: 'normal', grants: [grants] });
  });

  test('keeps the grants of somebody who loses the last permission', async () => {
    const { open, submit, auth } = await browse('root');
    const grants = 'write:database/telegraf';
    await auth.users?.update('amy', { grants: [grants] });
    const was = markIn(await open('/user?name=amy'));
    await submit('/user/rights?name=amy', { was, type: 'normal', grants });
    expect(await auth.users?.get('amy')).toMatchObject({ permissions: [], grants: [grants] });
  });

  test('leads to the list, and to why the user is refused', async () => {
    const { text } = await (await browse('root')).open('/user?name=amy');
    expect(text).toContain('<a href="/admin/users">All users</a>');
    expect(text).toContain('<a href="/admin/why?user=amy">Why refused?</a>');
  });

  test('names who was deleted, and repeats nothing that is no name', async () => {
    const { open, submit } = await browse('root');
    const { to } = await submit('/user/delete?name=amy', { sure: 'yes' });
    expect(to).toBe('/admin/users?done=deleted&name=amy');
    const { text } = await open('/users?done=deleted&name=amy');
    expect(text).toContain('The user <bdi>amy</bdi> was deleted.');
    const odd = await open('/users?done=deleted&name=%3Cb%3Ecall+me');
    expect(odd.text).toContain('The user was deleted.');
    expect(odd.text).not.toContain('call me');
    expect((await open('/users?done=other&name=amy')).text).not.toContain('was deleted');
  });

  test('keeps the last admin', async () => {
    const { open, submit, auth } = await browse('root');
    await auth.users?.delete('ops');
    const was = markIn(await open('/user?name=root'));
    const demoted = await submit('/user/rights?name=root', {
      was,
      type: 'normal',
      grants: '',
      'own-rights': 'yes',
    });
    expect(demoted.status).toBe(409);
    expect(demoted.text).toContain('role="alert"');
    const ticks = { sure: 'yes', 'own-delete': 'yes' };
    expect((await submit('/user/delete?name=root', ticks)).status).toBe(409);
    expect(await auth.users?.get('root')).toMatchObject({ type: 'admin' });
  });

  test('deletes only with a tick', async () => {
    const { submit, auth } = await browse('root');
    const shown = await submit('/user/delete?name=amy', {});
    expect(shown.status).toBe(400);
    expect(problemAt(shown, 'sure')).not.toBe('');
    expect(await auth.users?.get('amy')).toBeDefined();
  });

  test('sets a password, which ends the sessions of the user', async () => {
    const { submit, auth } = await browse('root');
    const amy = await browse('amy', auth);
    expect((await amy.open('/users')).status).toBe(200);
    const { to } = await submit('/user/password?name=amy', { password: 'another' });
    expect(to).toBe('/admin/user?name=amy&done=password');
    expect((await amy.open('/users')).to).toContain('/admin/login');
  });

  test('ends all sessions of a user', async () => {
    const { submit, auth } = await browse('root');
    const amy = await browse('amy', auth);
    const { to } = await submit('/user/sessions?name=amy', {});
    expect(to).toBe('/admin/user?name=amy&done=sessions');
    expect((await amy.open('/users')).to).toContain('/admin/login');
  });

  test.each<[path: string, form: Form]>([
    ['rights', { type: 'normal', grants: '' }],
    ['password', { password: 'x' }],
    ['sessions', {}],
    ['delete', { sure: 'yes' }],
  ])('refuses %s of an admin to a normal user, as the API does', async (path, form) => {
    const { submit, open, auth } = await browse('manager');
    const { text } = await open('/user?name=root');
    expect(text).toContain('You may look at this user');
    const events: unknown[] = [];
    auth.on('forbidden', ({ user, code }) => events.push([user, code]));
    const was = markIn(await (await browse('root', auth)).open('/user?name=root'));
    const shown = await submit(`/user/${path}?name=root`, { was, ...form });
    expect(shown.status).toBe(403);
    expect(events).toEqual([['manager', 'ERR_KAUTH_ESCALATION']]);
    expect(await auth.users?.get('root')).toMatchObject({ type: 'admin' });
  });

  test('keeps what was typed if the store is away', async () => {
    class Leaving extends MemoryUserStore {
      isAway = false;
      override update(...given: Parameters<MemoryUserStore['update']>) {
        if (this.isAway) throw new StoreUnavailableError('gone');
        return super.update(...given);
      }
    }
    const store = new Leaving(USERS);
    const { open, submit } = await browse('root', pagesOver(store));
    const was = markIn(await open('/user?name=amy'));
    store.isAway = true;
    const form = { was, type: 'normal', grants: 'write:database/telegraf' };
    const shown = await submit('/user/rights?name=amy', form);
    expect(shown.status).toBe(503);
    expect(shown.text).toContain('write:database/telegraf');
    expect(markIn(shown)).toBe(was);
  });
});
