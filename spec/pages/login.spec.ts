import type { KapacitorAuthEvents } from '../../lib/index.js';
import { basic, openAuth } from '../support/open-auth.js';
import { pagesApp, pagesClient, textOf } from '../support/pages-client.js';

const tries = [
  ['amy', 'guess'],
  ['nobody', 'guess'],
  ['', 'guess'],
  ['amy', 'amy-pw'],
] as const;

/** The events of attempts, apart from the request's address. */
function listen(auth: ReturnType<typeof openAuth>): unknown[] {
  const heard: unknown[] = [];
  const note = (event: KapacitorAuthEvents['rejected'] | KapacitorAuthEvents['authenticated']) => {
    heard.push({ ...event, path: undefined, method: undefined, address: undefined });
  };
  auth.on('rejected', note);
  auth.on('authenticated', note);
  return heard;
}

describe('the note in the address of the login', () => {
  it.each(['__proto__', 'constructor', 'toString', 'nonsense', ''])(
    'is none for %j, which no page wrote',
    async (done) => {
      const client = pagesClient(pagesApp(openAuth()));
      const plain = await client.get('/login');
      const shown = await client.get(`/login?done=${done}`);
      expect([shown.status, textOf(shown)]).toEqual([200, textOf(plain)]);
    },
  );
});

describe('a login at the form', () => {
  it.each(tries)('tells listeners the same as one at the API: %s', async (name, password) => {
    const [atForm, atApi] = [openAuth(), openAuth()];
    const [heardAtForm, heardAtApi] = [listen(atForm), listen(atApi)];
    await pagesClient(pagesApp(atForm)).logIn(name, password);
    const app = pagesApp(openAuth());
    app.use(atApi, (_request, response) => {
      response.end();
    });
    await pagesClient(app, '').get('/other').set('Authorization', basic(name, password));
    expect(heardAtForm).toHaveLength(1);
    expect(heardAtForm).toEqual(heardAtApi);
  });

  it('is throttled, and says when to try again', async () => {
    const auth = openAuth({ throttle: { failuresPerUser: 2 } });
    const client = pagesClient(pagesApp(auth));
    for (const guess of ['one', 'two']) {
      expect((await client.logIn('amy', guess)).status).toBe(403);
    }
    const answer = await client.logIn('amy', 'amy-pw');
    expect([answer.status, answer.headers['set-cookie']]).toEqual([429, undefined]);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  it('puts the focus on the name, and on what is wrong after a refusal', async () => {
    const client = pagesClient(pagesApp(openAuth()));
    const focused = (text: string) =>
      Array.from(text.matchAll(/<[^<>]*\sautofocus[^<>]*>/g), String);
    const first = await client.get('/login');
    expect(focused(first.text)).toEqual([expect.stringContaining('id="name"')]);
    const refused = await client.logIn('amy', 'guess');
    expect(focused(refused.text)).toEqual([expect.stringContaining('role="alert" tabindex="-1"')]);
  });

  it('keeps the name after a mistake, and not the password', async () => {
    const answer = await pagesClient(pagesApp(openAuth())).logIn('amy', 'a-guess');
    expect(textOf(answer)).toContain('The name or the password is wrong.');
    expect(answer.text).toContain('value="amy"');
    expect(answer.text).not.toContain('a-guess');
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('gives a cookie that scripts and other sites do not get', async () => {
    const answer = await pagesClient(pagesApp(openAuth())).logIn('amy', 'amy-pw');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^kauth=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('is not needed if authentication is off', async () => {
    const client = pagesClient(pagesApp(openAuth({ http: { authEnabled: false } })));
    expect((await client.get('/login')).status).toBe(303);
    expect((await client.get('/users')).status).toBe(200);
  });
});
