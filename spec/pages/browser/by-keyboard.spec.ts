import type { Page } from 'playwright-core';
import { z } from 'zod';
import { describeBrowser } from '../../support/browser.js';
import { PASSWORD, serving } from './served-pages.js';

const { serve } = serving();

const NEW_PASSWORD = 'a second password';

/** A page has fewer stops than this. */
const MOST_STOPS = 80;

const stopSchema = z.object({ name: z.string(), outline: z.number(), style: z.string() });

/** Returns what has the focus: its label or text, and the outline around it in pixels. */
const STOP = `(() => {
  const { activeElement: stop } = document;
  const { outlineWidth, outlineStyle } = getComputedStyle(stop);
  const name = stop.labels?.[0]?.textContent ?? stop.textContent;
  return {
    name: name.replace(/\\s+/g, ' ').trim(),
    outline: parseFloat(outlineWidth),
    style: outlineStyle,
  };
})()`;

/** Goes on by the tabulator to the stop whose name begins so; each stop on the way is to be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const isBody = await page.evaluate('document.activeElement === document.body');
    if (isBody === true) continue;
    const stop = stopSchema.parse(await page.evaluate(STOP));
    expect({ ...stop, isSeen: stop.outline > 0 && stop.style !== 'none' }).toMatchObject({
      isSeen: true,
    });
    if (stop.name.startsWith(name)) return;
  }
  throw new Error(`no stop is called ${name}`);
}

async function type(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

/** Presses a button or follows a link, and waits for what comes. */
async function enter(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

async function tick(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Space');
}

describeBrowser('the keyboard alone', (browser) => {
  it('is enough for all', async () => {
    const { url } = await serve();
    const { page } = await browser.open();
    const done = (): Promise<string> => page.getByRole('status').innerText();
    await page.goto(`${url}/admin/login`);
    await type(page, 'Name', 'root');
    await type(page, 'Password', PASSWORD);
    await enter(page, 'Log in');
    await enter(page, 'Users');
    await tabTo(page, 'Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await enter(page, 'New user');
    await type(page, 'Name', 'zoë');
    await enter(page, 'Add user');
    await tabTo(page, 'Password is required');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('password');
    await page.keyboard.type(PASSWORD);
    await enter(page, 'Add user');
    expect(await done()).toBe('The user was added.');
    await tick(page, 'write_points');
    await enter(page, 'Save rights');
    expect(await done()).toBe('The rights were saved.');
    await type(page, 'New password', NEW_PASSWORD);
    await enter(page, 'Set password');
    expect(await done()).toContain('The password was changed.');
    await tick(page, 'Yes, delete it');
    await enter(page, 'Delete user');
    expect(await done()).toBe('The user zoë was deleted.');

    await enter(page, 'Your account');
    await type(page, 'Old password', PASSWORD);
    await type(page, 'New password', NEW_PASSWORD);
    await type(page, 'New password, again', NEW_PASSWORD);
    await enter(page, 'Change password');
    expect(await done()).toContain('Your password is changed.');
    await enter(page, 'Log out');
    expect(await done()).toBe('You are logged out.');
  });
});
