import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { installed } from './describe-installed.js';

/** The names that systems give it. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** A browser takes longer than other programs to start beside a busy machine. */
const START_MS = 120_000;

/** A page of a browser of its own, and what went on beside it. */
export interface WatchedPage {
  readonly page: Page;
  /** The URL of each request, also of those that the browser itself refused. */
  readonly requests: readonly string[];
  /** The complaints of the console: broken policies, failed requests, scripts that throw. */
  readonly complaints: readonly string[];
}

/** A Chromium that shows pages to specs. */
export interface TestBrowser {
  /** Opens an empty page that shares no cookie with others. It is closed after the test. */
  open(options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** The file of Chromium: `CHROMIUM` of the environment, or where systems install it. */
export function chromiumProgram(): string | undefined {
  return process.env.CHROMIUM ?? PROGRAMS.map(installed).find((file) => file !== undefined);
}

/** Describes what needs a browser. If there is none, the tests are skipped, and this is printed. */
export function describeBrowser(title: string, define: (browser: TestBrowser) => void): void {
  const file = chromiumProgram();
  if (file === undefined) process.stderr.write(`skipped: ${title}: chromium is not installed\n`);
  (file === undefined ? describe.skip : describe)(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      // Without the sandbox, which root can't have: it shows pages of ours alone.
      const executablePath = file ?? '';
      browser = await chromium.launch({
        executablePath,
        chromiumSandbox: false,
        timeout: START_MS,
      });
    }, START_MS);
    afterEach(async () => {
      await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
    });
    afterAll(async () => {
      await browser?.close();
    });
    define({
      open: async (options) => {
        if (browser === undefined) throw new Error('the browser is not started yet');
        const context = await browser.newContext({
          viewport: { width: 1280, height: 800 },
          ...options,
        });
        return watch(await context.newPage());
      },
    });
  });
}

function watch(page: Page): WatchedPage {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.context().on('request', (request) => requests.push(request.url()));
  page.context().on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, requests, complaints };
}

/** Keeps a picture of the whole page in the folder that `KAUTH_SCREENSHOTS` names, if it does. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.KAUTH_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
