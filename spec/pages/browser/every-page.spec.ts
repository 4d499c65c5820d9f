import type { Page } from 'playwright-core';
import { violations } from '../../support/accessibility.js';
import type { WatchedPage } from '../../support/browser.js';
import { describeBrowser, keepPicture } from '../../support/browser.js';
import type { ServedPages } from './served-pages.js';
import { logIn, PASSWORD, send, serving } from './served-pages.js';

const { serve } = serving();

interface Shown {
  readonly what: string;
  /** The reader; nobody if left out. */
  readonly as?: 'root' | 'amy';
  readonly path: string;
  /** Leads from the page at the path to the one that is meant. */
  readonly then?: (page: Page) => Promise<void>;
  /** The status of the page, which Chromium's console complains about. */
  readonly status?: number;
  /** The title that is shown. */
  readonly title: string;
}

const PAGES: readonly Shown[] = [
  { what: 'login', path: '/login', title: 'Log in' },
  {
    ...{ what: 'refused login', path: '/login', title: 'Log in', status: 403 },
    then: async (page) => {
      await page.getByLabel('Name').fill('nobody');
      await page.getByLabel('Password').fill(PASSWORD);
      await send(page, 'Log in');
    },
  },
  { what: 'users', as: 'root', path: '/users', title: 'Users' },
  { what: 'no user found', as: 'root', path: '/users?find=zz', title: 'Users' },
  { what: 'new user', as: 'root', path: '/users/new', title: 'New user' },
  {
    ...{ what: 'new user with mistakes', as: 'root', path: '/users/new', title: 'New user' },
    status: 400,
    then: async (page) => {
      await page.getByLabel('Grants').fill('nonsense');
      await send(page, 'Add user');
    },
  },
  {
    ...{ what: 'password shown once', as: 'root', path: '/users/new' },
    title: 'The user was added',
    then: async (page) => {
      await page.getByLabel('Name').fill('a-name-that-is-rather-long-and-has-no-space-in-it');
      await page.getByLabel('Make a password').check();
      await send(page, 'Add user');
    },
  },
  { what: 'user', as: 'root', path: '/user?name=amy', title: 'User amy' },
  { what: 'user to look at', as: 'amy', path: '/user?name=root', title: 'User root' },
  { what: 'no subscription', as: 'root', path: '/subscriptions', title: 'Subscriptions' },
  {
    ...{ what: 'subscription shown once', as: 'root', path: '/subscriptions' },
    title: 'Subscriptions',
    then: async (page) => {
      await page.getByRole('textbox', { name: 'Database' }).fill('telegraf');
      await send(page, 'Grant');
      await page.getByText('Run this statement').waitFor();
    },
  },
  { what: 'subscriptions', as: 'root', path: '/subscriptions', title: 'Subscriptions' },
  { what: 'why', as: 'root', path: '/why', title: 'Why refused?' },
  {
    ...{ what: 'why, answered', as: 'root', title: 'Why refused?' },
    path: '/why?user=amy&method=POST&path=/kapacitor/v1/write?db=telegraf',
  },
  { what: 'audit', as: 'root', path: '/audit', title: 'Audit' },
  { what: 'account', as: 'amy', path: '/account', title: 'Your account' },
  { what: 'refusal', as: 'amy', path: '/audit', title: 'You may not do this', status: 403 },
  {
    ...{ what: 'page that is not', as: 'root', path: '/nowhere', status: 404 },
    title: 'There is no such page',
  },
];

/** Secrets that no page holds: hashes, tokens, passwords. */
const SECRETS = [/\$2[aby]\$/, /eyJ[\w-]+\./, new RegExp(PASSWORD)];

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describeBrowser('every page', (browser) => {
  let served: ServedPages;
  beforeAll(async () => {
    served = await serve();
  });

  /** The width of the page beyond that of a narrow window, in pixels. */
  async function overflow({ page }: WatchedPage, name: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const width of [320, 375]) {
      await page.setViewportSize({ width, height: 800 });
      found.push(await page.evaluate(OVERFLOW));
    }
    await keepPicture(page, `${name}-narrow`);
    return found;
  }

  it.each(PAGES)('is for all people and holds nothing foreign: $what', async (shown) => {
    const { what, as, path, then, status, title } = shown;
    const { url } = served;
    const watched = await browser.open();
    const { page, requests, complaints } = watched;
    if (as !== undefined) await logIn(page, url, as);
    await page.goto(`${url}/admin${path}`);
    await then?.(page);
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBe(title);
    await keepPicture(page, what);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(watched, what)).toEqual([0, 0]);
    expect(requests.filter((each) => !each.startsWith(`${url}/`))).toEqual([]);
    const own = `status of ${String(status)}`;
    expect(complaints.filter((each) => status === undefined || !each.includes(own))).toEqual([]);
    const content = await page.content();
    expect(SECRETS.filter((secret) => secret.test(content))).toEqual([]);
  });
});
