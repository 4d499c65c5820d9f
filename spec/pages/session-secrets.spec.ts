import { inspect } from 'node:util';
import { StoreUnavailableError } from '../../lib/errors.js';
import { MemoryUserStore, usersApi } from '../../lib/index.js';
import { heard } from '../observe/heard.js';
import { WrittenLog } from '../server/written-log.js';
import { openAuth, people, SECRET } from '../support/open-auth.js';
import { pagesApp, pagesClient } from '../support/pages-client.js';

/** The value of a session, as an answer gives it. */
function valueIn(answer: { readonly headers: Record<string, unknown> }): string {
  return /kauth=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? '';
}

it('values of sessions are in no log, event, error, metric or page', async () => {
  const log = new WrittenLog();
  const store = new MemoryUserStore(people);
  const http = { authEnabled: true, sharedSecret: SECRET };
  const auth = openAuth({ http, store, logger: log.logger });
  const events = heard(auth);
  const pages: string[] = [];
  const app = pagesApp(auth);
  app.use(usersApi(auth));
  const root = pagesClient(app);
  const amy = pagesClient(app);
  const values = [
    valueIn(await root.logIn('root', 'root-pw')),
    valueIn(await amy.logIn('amy', 'amy-pw')),
  ];
  const [own = ''] = values;
  // Where it doesn't belong; as a name it stays in the form, as all that is typed there.
  const astray = pagesClient(app);
  await astray.logIn(own, 'x');
  pages.push(
    (await astray.logIn('root', own)).text,
    (await pagesClient(app, '').get('/kapacitor/v1/users').auth('root', own)).text,
    (await pagesClient(app, '').get('/kapacitor/v1/users').set('Authorization', `Bearer ${own}`))
      .text,
  );
  for (const path of ['/users', '/user?name=amy', '/why', '/audit', '/account', '/nothing'])
    for (const client of [root, amy]) pages.push((await client.get(path)).text);
  const form = { old: 'root-pw', new: 'fresh-pw', again: 'fresh-pw' };
  values.push(valueIn(await root.post('/account/password', form)));
  jest.spyOn(store, 'find').mockImplementation(() => {
    throw new StoreUnavailableError('down');
  });
  jest.spyOn(store, 'update').mockRejectedValue(new StoreUnavailableError('down'));
  pages.push((await root.post('/logout')).text, (await root.get('/audit')).text);
  jest.restoreAllMocks();
  pages.push((await amy.post('/logout')).text);
  const shown = [
    inspect(events, { depth: 10 }),
    inspect(auth, { depth: 10, showHidden: true }),
    await auth.metrics.metrics(),
    log.text,
    ...pages,
  ].join('\n');
  expect(new Set(values).size).toBe(3);
  expect(events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['authenticated', 'rejected', 'userChanged']),
  );
  for (const value of values) {
    expect(value).toMatch(/^1\.[\w-]+\.[\w-]{96}$/);
    // But the name, which is in its middle.
    expect(shown).not.toContain(value.slice(-96));
  }
});
