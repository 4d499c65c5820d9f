import { inspect } from 'node:util';
import { MemoryUserStore } from '../lib/index.js';
import { listeningLogger } from './support/listening-logger.js';
import { basic, openAuth, SECRET } from './support/open-auth.js';

describe('the middleware object', () => {
  it('shows no secret', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    await auth.authenticate({ headers: { authorization: basic('amy', 'amy-pw') } });
    const shown = inspect(auth, { depth: 10, showHidden: true }) + JSON.stringify(auth.config);
    for (const secret of [SECRET, 'amy-pw', '$2b$']) expect(shown).not.toContain(secret);
  });

  it('manages no users where its store can not', () => {
    expect(openAuth({ store: { find: () => undefined } }).users).toBeUndefined();
  });

  it('says whether its store could be opened', async () => {
    await expect(openAuth().ready()).resolves.toBeUndefined();
    const broken = openAuth({
      store: { open: () => Promise.reject(new Error('x')), find: () => undefined },
    });
    await expect(broken.ready()).rejects.toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
  });

  it('answers nobody once it was closed', async () => {
    const auth = openAuth();
    const headers = { authorization: basic('amy', 'amy-pw') };
    await auth.authenticate({ headers });
    await auth.close();
    await expect(auth.authenticate({ headers })).rejects.toMatchObject({ status: 503 });
  });

  it('warns of a store without users, once, and says how to add one', async () => {
    const logger = listeningLogger();
    await openAuth({ store: new MemoryUserStore([]), logger }).ready();
    await openAuth({ store: new MemoryUserStore([]), logger }).ready();
    const warnings = logger.lines.filter((line) => line.includes('WRN_KAUTH_NO_USERS'));
    expect(warnings).toEqual([expect.stringContaining('npx kapacitor-auth users add')]);
  });
});
