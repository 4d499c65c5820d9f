import request from 'supertest';
import type { UserStore } from '../../lib/index.js';
import {
  authorizeApi,
  judgeApiRequest,
  kapacitorAuth,
  MemoryUserStore,
  requireDatabase,
} from '../../lib/index.js';
import { databaseResource } from '../../lib/privileges/resource.js';
import { expresses } from '../support/expresses.js';

/** `mine` may write to the database of this name, and to no other. */
class ScopedStore extends MemoryUserStore implements UserStore {
  override find(name: string) {
    const found = super.find(name);
    const privileges = {
      '/api/write': ['write'],
      [databaseResource('mine')]: ['write'],
      '/api/tasks': ['read'],
    } as const;
    return found && { ...found, privileges };
  }
}

const auth = kapacitorAuth({
  http: { authEnabled: true },
  auth: { enabled: true, bcryptCost: 4 },
  store: new ScopedStore([{ name: 'amy', password: 'pw' }]),
});
afterAll(() => auth.close());

const FILLERS = ['&', 'x&', 'x=1&', 'db2=other&'];
const REFUSED = {
  status: 400,
  body: {
    error: 'ambiguous query: it holds more than 1000 parameters',
    message: 'ambiguous query: it holds more than 1000 parameters',
  },
};

describe.each(expresses)('a query of many parameters on %s', (_name, express) => {
  const app = express();
  app.use(auth);
  app.post('/guarded', requireDatabase('write'), (incoming, response) => {
    response.json({ db: incoming.query.db });
  });
  app.use(authorizeApi());
  app.use((incoming, response) => {
    response.json({ db: incoming.query.db });
  });

  const ask = async (method: 'get' | 'post', path: string) => {
    const { status, body } = await request(app)[method](path).auth('amy', 'pw');
    return { status, body: body as unknown };
  };

  it.each(FILLERS)('of 1,000 is read by all alike: %j', async (filler) => {
    for (const path of ['/guarded', '/write', '/kapacitor/v1/write']) {
      const answer = await ask('post', `${path}?${filler.repeat(999)}db=mine`);
      expect(answer).toEqual({ status: 200, body: { db: 'mine' } });
    }
  });

  it.each(FILLERS)('of more is refused, wherever the database is named: %j', async (filler) => {
    for (const path of ['/guarded', '/write', '/kapacitor/v1/write']) {
      for (const query of [
        `${filler.repeat(1000)}db=mine`,
        `db=mine&${filler.repeat(1000)}x`,
        `${filler.repeat(1500)}db=mine&db=other`,
      ]) {
        expect(await ask('post', `${path}?${query}`)).toEqual(REFUSED);
      }
    }
    expect(await ask('get', `/kapacitor/v1/tasks?${filler.repeat(1001)}`)).toEqual(REFUSED);
  });

  it('is refused without Express as well', async () => {
    const amy = await auth.find('amy');
    if (amy === undefined) throw new Error('nobody');
    const judge = () => judgeApiRequest(amy, 'POST', `/write?${'&'.repeat(1000)}db=mine`);
    expect(judge).toThrow(REFUSED.body.error);
  });
});
