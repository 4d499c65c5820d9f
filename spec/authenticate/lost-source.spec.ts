import express from 'express';
import request from 'supertest';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { doubtfulSource } from '../support/doubtful-source.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth } from '../support/open-auth.js';
import { steadyClock } from '../support/steady-clock.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const PROOF = 60_000;
const clock = steadyClock();

function serve(staleIfError: string) {
  const told = doubtfulSource();
  told.state.freshUntil = performance.now() + PROOF;
  const auth = openAuth({
    store: told.source,
    auth: { enabled: true, bcryptCost: 4, staleIfError },
    logger: listeningLogger(),
  });
  const app = express();
  app.use(auth);
  app.get('/', (_request, response) => void response.send('hello'));
  const get = async (name: string, password: string) => {
    const { status, headers } = await request(app).get('/').auth(name, password);
    return { status, retryAfter: headers['retry-after'] };
  };
  return { ...told, get };
}

const LET_IN = { status: 200, retryAfter: undefined };
const AWAY = { status: 503, retryAfter: expect.stringMatching(/^\d+$/) as unknown };

describe('a source that lost its proof and answers nothing', () => {
  it('has every request answered 503 with Retry-After, at the cost of no bcrypt', async () => {
    const { get, state } = serve('0s');
    await expect(get('amy', 'amy-pw')).resolves.toEqual(LET_IN);
    state.isDown = true;
    await expect(get('amy', 'amy-pw')).resolves.toEqual(LET_IN);
    clock.pass(PROOF);
    runs.forget();
    await expect(get('amy', 'amy-pw')).resolves.toEqual(AWAY);
    await expect(get('amy', 'wrong')).resolves.toEqual(AWAY);
    await expect(get('nobody', 'wrong')).resolves.toEqual(AWAY);
    expect(runs.compared).toEqual([]);
    state.isDown = false;
    await expect(get('amy', 'amy-pw')).resolves.toEqual(LET_IN);
  });

  it('lets in whom it let in before for stale-if-error, and the time tells nothing', async () => {
    const { get, state } = serve('30s');
    await expect(get('amy', 'amy-pw')).resolves.toEqual(LET_IN);
    state.isDown = true;
    clock.pass(PROOF);
    await expect(get('amy', 'amy-pw')).resolves.toEqual(LET_IN);
    for (const name of ['amy', 'root', 'nobody']) {
      runs.forget();
      const { status } = await get(name, 'wrong');
      expect([status, runs.compared]).toEqual([name === 'amy' ? 401 : 503, [4]]);
    }
    clock.pass(30_000);
    await expect(get('amy', 'amy-pw')).resolves.toEqual(AWAY);
  });
});
