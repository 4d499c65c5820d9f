import { PageClient } from '../page-client.js';
import { ADMIN, Served } from './served.js';

let served: Served;

beforeEach(() => {
  served = new Served();
});

afterEach(async () => {
  await served.end();
});

/** The same again and again, over connections of their own: each goes to another worker. */
async function repeated<T>(ask: () => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let times = 0; times < 20; times += 1) answers.push(await ask());
  return answers;
}

async function killAWorker(): Promise<void> {
  const [pid = 0] = served.workers;
  process.kill(pid, 'SIGKILL');
  await served.child.until(/a new worker has started/);
}

describe.each([
  ['users in SQLite', ''],
  ['users in a file', ' --store users.json'],
])('the pages of several workers, with %s', (_what, store) => {
  it('take a session that began in any of them, and after one was replaced', async () => {
    await served.start(`--workers 3${store}`);
    const client = new PageClient(served.url);
    expect((await client.logIn(...ADMIN)).status).toBe(303);
    expect(new Set(await repeated(() => client.isLoggedIn()))).toEqual(new Set([true]));
    expect(served.answered).toHaveLength(3);
    await killAWorker();
    expect(new Set(await repeated(() => client.isLoggedIn()))).toEqual(new Set([true]));
  });
});
