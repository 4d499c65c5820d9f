import { startMetaStandIn } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import { hashPassword } from '../../../lib/index.js';
import { PageClient } from '../page-client.js';
import { ADMIN, Served } from './served.js';

const META = 'meta';

let served: Served;
let meta: Awaited<ReturnType<typeof startMetaStandIn>>;

beforeAll(async () => {
  const [name, password] = ADMIN;
  const permissions = { '': ['KapacitorAPI'] };
  meta = await startMetaStandIn({
    users: [{ name, hash: await hashPassword(password, 4), permissions }],
  });
});

afterAll(async () => {
  await meta.stop();
});

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
  process.kill(served.anyWorker(), 'SIGKILL');
  await served.child.until(/a new worker has started/);
}

describe.each([
  ['users in SQLite', ''],
  ['users in a file', ' --store users.json'],
  ['users of a meta node', META],
])('the pages of several workers, with %s', (_what, store) => {
  it('take a session that began in any of them, until it is ended, in all', async () => {
    const env = { KAPACITOR_AUTH_META_ADDR: store === META ? meta.address : '' };
    await served.start(`--workers 3${store === META ? '' : store}`, env);
    const client = new PageClient(served.url);
    expect((await client.logIn(...ADMIN)).status).toBe(303);
    expect(new Set(await repeated(() => client.isLoggedIn()))).toEqual(new Set([true]));
    expect(served.answered).toHaveLength(3);
    await killAWorker();
    expect(new Set(await repeated(() => client.isLoggedIn()))).toEqual(new Set([true]));
    const stolen = new PageClient(served.url, { Cookie: [...client.cookies].flat().join('=') });
    await expect(stolen.isLoggedIn()).resolves.toBe(true);
    expect((await client.post('/admin/logout', {})).status).toBe(303);
    expect(new Set(await repeated(() => stolen.isLoggedIn()))).toEqual(new Set([false]));
  });
});

it('the audit page shows the refusals and changes of all workers, also of one that ended', async () => {
  await served.start('--workers 3');
  const client = new PageClient(served.url);
  await client.logIn(...ADMIN);
  for (const name of ['amy', 'bob', 'eve', 'joe'])
    await served.change('POST', 'users', { name, password: `${name}-password` });
  for (const name of ['amy', 'bob', 'eve', 'joe'])
    await served.send({ path: `refused-${name}`, login: [name, `${name}-password`] });
  await killAWorker();
  const shown = await repeated(async () => (await client.get('/admin/audit')).body);
  for (const page of shown) {
    for (const name of ['amy', 'bob', 'eve', 'joe']) {
      expect(page).toContain(name);
      expect(page).toContain(`/kapacitor/v1/refused-${name}`);
    }
    expect(page).not.toContain('-password');
  }
  expect(served.child.output).not.toMatch(/sessionKey|-password/);
  const [value = ''] = client.cookies.values();
  expect(value).toMatch(/^1\../);
  expect(served.child.output).not.toContain(value);
});
