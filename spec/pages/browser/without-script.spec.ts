import { describeBrowser } from '../../support/browser.js';
import { logIn, PASSWORD, send, serving } from './served-pages.js';

const { serve } = serving();

describeBrowser('a browser without script', (browser) => {
  it('goes the whole way from login to log-out', async () => {
    const { url } = await serve();
    const { page } = await browser.open({ javaScriptEnabled: false });
    const done = (): Promise<string> => page.getByRole('status').innerText();
    await logIn(page, url, 'root');
    await page.goto(`${url}/admin/users`);
    await page.getByRole('link', { name: 'New user' }).click();
    await page.getByLabel('Name').fill('zoë');
    await page.getByLabel('New password').fill(PASSWORD);
    await send(page, 'Add user');
    expect(await done()).toBe('The user was added.');
    await page.getByLabel('write_points').check();
    await send(page, 'Save rights');
    expect(await done()).toBe('The rights were saved.');
    await expect(page.getByLabel('write_points').isChecked()).resolves.toBe(true);
    await page.getByLabel('Yes, delete it for good').check();
    await send(page, 'Delete user');
    expect(await done()).toBe('The user zoë was deleted.');
    await expect(page.getByRole('link', { name: 'zoë' }).count()).resolves.toBe(0);

    await page.getByRole('link', { name: 'Subscriptions' }).click();
    await page.getByRole('textbox', { name: 'Database' }).fill('telegraf');
    await send(page, 'Grant');
    expect(await done()).toContain('CREATE SUBSCRIPTION');
    await page.getByLabel('I am sure').check();
    await page.getByRole('button', { name: 'Revoke' }).click();
    expect(await done()).toContain('The subscription is revoked');
    await expect(page.getByText('There is no subscription.').count()).resolves.toBe(1);

    await send(page, 'Log out');
    expect(await done()).toBe('You are logged out.');
    await page.goto(`${url}/admin/users`);
    expect(new URL(page.url()).pathname).toBe('/admin/login');
  });
});
