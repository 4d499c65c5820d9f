import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { violations } from '../../support/accessibility.js';
import { describeBrowser, keepPicture } from '../../support/browser.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'";

const document = (head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><title>Users</title>${head}</head>` +
  `<body><main><h1>Users</h1>${body}</main></body></html>`;

const PAGES: Readonly<Record<string, string>> = {
  '/good': document('', '<label for="name">Name</label> <input id="name">'),
  '/nameless': document('', '<input>'),
  '/faint': document('<link rel="stylesheet" href="/dark.css">', '<p>Nobody reads this.</p>'),
  '/script': document('<script>document.title = "Taken over"</script>', ''),
  '/foreign': document('', '<img alt="A pixel" src="https://elsewhere.invalid/pixel.png">'),
  '/favicon.ico': '',
  '/dark.css':
    '@media (prefers-color-scheme: dark) { body { background: #000 } p { color: #222 } }',
};

const server = createServer((request, response) => {
  const path = request.url ?? '';
  const type = path.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8';
  response.setHeader('content-type', type);
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('set-cookie', 'seen=yes; HttpOnly; SameSite=Strict');
  response.statusCode = PAGES[path] === undefined ? 404 : 200;
  response.end(PAGES[path]);
});
const folder = temporaryFolder();
let origin = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  origin = `http://127.0.0.1:${String(address.port)}`;
});

afterAll(() => {
  server.close();
});

describeBrowser('the browser of specs', (browser) => {
  it('finds nothing wrong with a good page', async () => {
    const { page, requests, complaints } = await browser.open();
    await page.goto(`${origin}/good`);
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
  });

  it('finds a field without a name in each look of a page', async () => {
    const { page } = await browser.open();
    await page.goto(`${origin}/nameless`);
    const found = await violations(page);
    expect(found.map((line) => line.replace(/: Form elements.*/, ''))).toEqual([
      'light: label',
      'dark: label',
      'forced colours: label',
    ]);
  });

  it('finds a text that can only be read in light', async () => {
    const { page } = await browser.open();
    await page.goto(`${origin}/faint`);
    expect(await violations(page)).toEqual([expect.stringMatching(/^dark: color-contrast: /)]);
  });

  it('tells of a script that the policy forbids', async () => {
    const { page, complaints } = await browser.open();
    await page.goto(`${origin}/script`);
    expect(await page.title()).toBe('Users');
    expect(complaints).toEqual([expect.stringContaining('Content Security Policy')]);
  });

  it('tells of a request to elsewhere, also if the policy forbids it', async () => {
    const { page, requests, complaints } = await browser.open();
    await page.goto(`${origin}/foreign`);
    const told = [...requests, ...complaints].filter((line) => line.includes('elsewhere.invalid'));
    expect(told.length).toBeGreaterThan(0);
  });

  it('shows pages without script too', async () => {
    const { page } = await browser.open({ javaScriptEnabled: false });
    await page.goto(`${origin}/nameless`);
    await page.locator('input').fill('somebody');
    expect(await page.locator('input').inputValue()).toBe('somebody');
  });

  it('shares no cookies between pages', async () => {
    const first = await browser.open();
    const second = await browser.open();
    await first.page.goto(`${origin}/good`);
    expect(await first.page.context().cookies()).toHaveLength(1);
    expect(await second.page.context().cookies()).toEqual([]);
  });

  it('keeps pictures only in a folder that it is given', async () => {
    const { page } = await browser.open();
    await page.goto(`${origin}/good`);
    const given = process.env.KAUTH_SCREENSHOTS;
    try {
      delete process.env.KAUTH_SCREENSHOTS;
      await keepPicture(page, 'unwanted');
      process.env.KAUTH_SCREENSHOTS = join(folder, 'pictures');
      await keepPicture(page, 'good');
      expect(readdirSync(join(folder, 'pictures'))).toEqual(['good.png']);
    } finally {
      if (given === undefined) delete process.env.KAUTH_SCREENSHOTS;
      else process.env.KAUTH_SCREENSHOTS = given;
    }
  });
});
