import { hash } from 'bcrypt';
import type { RejectedEvent, StoredUser, UserSource } from '../../lib/index.js';
import { StoreUnavailableError } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

/** Users of a node: one with a hash, one of its directory. What it is asked is written down. */
async function node() {
  const users: readonly StoredUser[] = [
    { name: 'amy', type: 'normal', permissions: [], hash: await hash('amy-pw', 4) },
    { name: 'ldap', type: 'normal', permissions: [], hash: '' },
  ];
  const asked: string[] = [];
  const state = { isDown: false };
  const answer = async <T>(what: string, look: () => T): Promise<T> => {
    asked.push(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (state.isDown) throw new StoreUnavailableError('no node answers');
    return look();
  };
  const source: UserSource = {
    mayBeStale: true,
    find: (name) => answer('find', () => users.find((user) => user.name === name)),
    verify: () => answer('verify', () => false),
  };
  return { source, asked, state };
}

const auth = (store: UserSource) => openAuth({ store, logger: listeningLogger() });

async function fail(instance: ReturnType<typeof openAuth>, name: string, password: string) {
  const request = { headers: { authorization: basic(name, password) }, ip: '203.0.113.7' };
  await expect(instance.authenticate(request)).rejects.toThrow();
}

describe('failing', () => {
  it('takes the same steps for every kind of name', async () => {
    const { source, asked } = await node();
    const instance = auth(source);
    await fail(instance, 'ldap', 'first');
    const steps: unknown[] = [];
    // Not remembered, remembered, and not there.
    for (const name of ['amy', 'amy', 'ldap', 'nobody', 'nobody']) {
      asked.length = 0;
      runs.forget();
      const start = performance.now();
      await fail(instance, name, `wrong ${String(steps.length)}`);
      const took = performance.now() - start;
      const looks = asked.filter((what) => what === 'find').length;
      steps.push({ looks, bcrypt: runs.compared, took: took >= 10 });
    }
    // One look-up, one comparison, and the time of asking the directory.
    expect(steps).toEqual(Array(5).fill({ looks: 1, bcrypt: [4], took: true }));
  });

  it('takes the same steps in an outage, whether somebody is remembered', async () => {
    const { source, state } = await node();
    const instance = auth(source);
    await fail(instance, 'amy', 'first');
    state.isDown = true;
    for (const name of ['amy', 'nobody']) {
      runs.forget();
      await fail(instance, name, 'wrong');
      expect([name, runs.compared]).toEqual([name, [4]]);
    }
  });
});

describe('guessing in an outage', () => {
  it('is throttled, and told with the user who is attacked', async () => {
    const { source, state } = await node();
    const instance = auth(source);
    const told: (string | undefined)[] = [];
    await fail(instance, 'amy', 'first');
    state.isDown = true;
    instance.on('rejected', ({ user }: RejectedEvent) => told.push(user));
    const answers: string[] = [];
    for (let guess = 0; guess < 15; guess += 1) {
      const headers = { authorization: basic('amy', `guess ${String(guess)}`) };
      await Promise.resolve(instance.authenticate({ headers, ip: '203.0.113.7' })).catch(
        (error: unknown) => answers.push((error as { code: string }).code),
      );
    }
    const of = (code: string) => answers.filter((answer) => answer === code).length;
    expect([of('ERR_KAUTH_STORE_UNAVAILABLE'), of('ERR_KAUTH_THROTTLED')]).toEqual([9, 6]);
    expect(told).toContain('amy');
    state.isDown = false;
    const right = { headers: { authorization: basic('amy', 'amy-pw') }, ip: '203.0.113.7' };
    await expect(instance.authenticate(right)).rejects.toMatchObject({
      code: 'ERR_KAUTH_THROTTLED',
    });
  });
});
