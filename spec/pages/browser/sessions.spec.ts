import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import { describeBrowser } from '../../support/browser.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { ServedPages } from './served-pages.js';
import { logIn, PASSWORD, send, serving } from './served-pages.js';

const folder = temporaryFolder();
const { serve } = serving();
const { cert, key } = makeCertificate(makeAuthority('an authority'), { names: ['127.0.0.1'] });
const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
writeFileSync(tlsCert, cert);
writeFileSync(tlsKey, key, { mode: 0o600 });

/** Opens a page until it asks for a login: news of other servers may take a moment. */
async function waitForEnd(page: Page, url: string): Promise<void> {
  do await page.goto(`${url}/admin/account`);
  while (new URL(page.url()).pathname !== '/admin/login');
}

describeBrowser('sessions in a browser', (browser) => {
  let first: ServedPages;
  let second: ServedPages;
  beforeAll(async () => {
    first = await serve();
    second = await serve({}, first.file);
  });

  /** A page of somebody who is logged in. */
  async function openAs(name: string, { url } = first): Promise<Page> {
    const { page } = await browser.open();
    await logIn(page, url, name);
    await expect(page.getByText(`Logged in as ${name}`).count()).resolves.toBe(1);
    return page;
  }

  it('are kept in a cookie that no script and no other site gets', async () => {
    const page = await openAs('root');
    const [cookie, ...others] = await page.context().cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: 'kauth', httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(await page.evaluate('document.cookie')).toBe('');
    await send(page, 'Log out');
    expect(await page.context().cookies()).toEqual([]);
  });

  it('are kept over TLS in a cookie for TLS and this host alone', async () => {
    const { url } = await serve({ gateway: { tlsCert, tlsKey } });
    const { page } = await browser.open({ ignoreHTTPSErrors: true });
    await logIn(page, url, 'root');
    expect(await page.context().cookies()).toEqual([
      expect.objectContaining({
        ...{ name: '__Host-kauth', secure: true, httpOnly: true, sameSite: 'Strict' },
        ...{ path: '/', domain: '127.0.0.1' },
      }),
    ]);
    await page.goto(`${url}/admin/users`);
    expect(await page.title()).toContain('Users');
  });

  const ends: readonly (readonly [string, (admin: Page) => Promise<void>])[] = [
    [
      'sets another password',
      async (admin) => {
        await admin.getByLabel('New password').fill(PASSWORD);
        await send(admin, 'Set password');
      },
    ],
    [
      'ends all sessions',
      async (admin) => {
        await send(admin, 'End all sessions');
      },
    ],
    [
      'disables the user',
      async (admin) => {
        await admin.getByLabel('Disabled: can not log in').check();
        await send(admin, 'Save rights');
      },
    ],
  ];
  it.each(ends)('are over here and at another server once an admin %s', async (_what, end) => {
    const [admin, here, there] = [await openAs('root'), await openAs('amy'), await openAs('amy')];
    await there.goto(`${second.url}/admin/account`);
    expect(await there.title()).toContain('Your account');
    await admin.goto(`${first.url}/admin/user?name=amy`);
    await end(admin);
    await expect(admin.getByRole('status').count()).resolves.toBe(1);
    await waitForEnd(here, first.url);
    await waitForEnd(there, second.url);
    await admin.reload();
    await expect(admin.getByText('Logged in as root').count()).resolves.toBe(1);
  });
});

describeBrowser('several people at one user', (browser) => {
  let pages: ServedPages;
  beforeAll(async () => {
    pages = await serve();
  });

  async function openUser(name: string): Promise<Page> {
    const { page } = await browser.open();
    await logIn(page, pages.url, 'root');
    await page.goto(`${pages.url}/admin/user?name=${name}`);
    return page;
  }

  it('overwrite nothing of each other', async () => {
    const [one, other] = [await openUser('amy'), await openUser('amy')];
    await one.getByLabel('Grants').fill('read:tasks');
    await send(one, 'Save rights');
    await expect(one.getByRole('status').textContent()).resolves.toContain('saved');
    await other.getByLabel('Disabled: can not log in').check();
    await send(other, 'Save rights');
    await expect(other.getByRole('alert').textContent()).resolves.toContain('Somebody else');
    await one.reload();
    await expect(one.getByLabel('Grants').inputValue()).resolves.toBe('read:tasks');
    await expect(one.getByLabel('Disabled: can not log in').isChecked()).resolves.toBe(false);
    // The form shows the user as it is now; what was wanted stands beside it.
    await expect(other.getByText('Login: disabled').count()).resolves.toBe(1);
    await other.getByLabel('Disabled: can not log in').check();
    await send(other, 'Save rights');
    await expect(other.getByRole('status').textContent()).resolves.toContain('saved');
    await one.reload();
    await expect(one.getByLabel('Disabled: can not log in').isChecked()).resolves.toBe(true);
  });

  it('keep the last admin', async () => {
    const page = await openUser('root');
    await page.getByLabel('Yes, delete it for good').check();
    await page.getByLabel('This is me: I know that this logs me out').check();
    await send(page, 'Delete user');
    await expect(page.getByRole('alert').textContent()).resolves.toMatch(/last admin/i);
    await page.goto(`${pages.url}/admin/users`);
    await expect(page.getByRole('link', { name: 'root' }).count()).resolves.toBe(1);
  });

  it.each(['localhost', '127.0.0.1'])('are safe from a form of a page at %s', async (host) => {
    const action = `${pages.url}/admin/users/new`;
    const foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<form method="post" action="${action}"><input name="name" value="mallory">
        <input name="password" value="of mallory"><input name="type" value="admin">
        <button>Win</button></form>`);
    });
    foreign.listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const page = await openUser('root');
    await page.goto(`http://${host}:${String((foreign.address() as AddressInfo).port)}/`);
    const answered = page.waitForResponse(action);
    await send(page, 'Win');
    expect((await answered).status()).toBe(403);
    await page.goto(`${pages.url}/admin/users`);
    await expect(page.getByText('Logged in as root').count()).resolves.toBe(1);
    await expect(page.getByText('mallory').count()).resolves.toBe(0);
    foreign.closeAllConnections();
    foreign.close();
  });
});
