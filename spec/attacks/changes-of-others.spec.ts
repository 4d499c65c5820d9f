import { join } from 'node:path';
import type * as bcrypt from 'bcrypt';
import type { KapacitorAuth, KapacitorAuthOptions, UserSource } from '../../lib/index.js';
import { kapacitorAuth, SqliteUserStore, StoreUnavailableError } from '../../lib/index.js';
import { Child, installedMain } from '../cli/child.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

jest.mock<typeof bcrypt>('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt.js')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.8';
const HASH = '$2a$04$8DVcJv4NHBjXQGBeQbqsm.qlSa2JV91HIZyf6v1izjk4Y0FwM/ZgO';

const folder = temporaryFolder();
const opened: { close(): Promise<void> }[] = [];
let files = 0;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** Users with the password `pw` in a database, and a middleware over it. */
async function open(names: readonly string[], options: KapacitorAuthOptions = {}) {
  files += 1;
  const path = join(folder, `users-${String(files)}.db`);
  const store = new SqliteUserStore(path);
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    logger: listeningLogger(),
    store,
    ...options,
  });
  opened.push(auth);
  await store.open();
  for (const name of ['root', 'another', ...names]) {
    await store.create({
      name,
      type: name === 'root' ? 'admin' : 'normal',
      hash: HASH,
      permissions: [],
    });
  }
  return { path, store, auth };
}

/** The outcome of a login: the user's name, or the code of its refusal. */
async function login(
  auth: KapacitorAuth,
  name: string,
  password = 'pw',
  ip = HERE,
): Promise<unknown> {
  try {
    return (await auth.authenticate({ headers: { authorization: basic(name, password) }, ip }))
      .name;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

/** Has the command line remove somebody, and waits until that is known. */
async function changeElsewhere(path: string, store: SqliteUserStore): Promise<void> {
  const told = new Promise<void>((resolve) => {
    store.watch(() => {
      resolve();
    });
  });
  const words = [installedMain(), 'users', 'rm', 'another', '--store', path];
  const child = new Child(process.execPath, words, { cwd: folder });
  expect([await child.exited, child.stderr]).toEqual([0, '']);
  await told;
}

describe('Who is remembered, after another process changed another user,', () => {
  it('goes on without bcrypt', async () => {
    const { path, store, auth } = await open(['amy']);
    expect(await login(auth, 'amy')).toBe('amy');
    await changeElsewhere(path, store);
    runs.forget();
    expect(await login(auth, 'amy')).toBe('amy');
    expect(runs.compared).toEqual([]);
  });

  it('goes on while others guess the same name elsewhere', async () => {
    const { path, store, auth } = await open(['amy']);
    expect(await login(auth, 'amy')).toBe('amy');
    await changeElsewhere(path, store);
    for (let guess = 0; guess < 10; guess += 1) {
      expect(await login(auth, 'amy', `guess ${String(guess)}`, ELSEWHERE)).toBe(
        'ERR_KAUTH_FAILED',
      );
    }
    expect(await login(auth, 'amy', 'pw', ELSEWHERE)).toBe('ERR_KAUTH_THROTTLED');
    runs.forget();
    expect(await login(auth, 'amy')).toBe('amy');
    expect(runs.compared).toEqual([]);
  });

  it('goes on while guesses from elsewhere fill the queue for bcrypt', async () => {
    const { path, store, auth } = await open(['amy'], { throttle: { enabled: false } });
    expect(await login(auth, 'amy')).toBe('amy');
    await changeElsewhere(path, store);
    const order: unknown[] = [];
    const flood = Array.from({ length: 600 }, (_, guess) =>
      login(auth, 'root', String(guess), ELSEWHERE),
    );
    void Promise.all(flood).then(() => order.push('flood'));
    await new Promise(setImmediate);
    order.push(await login(auth, 'amy'));
    expect(await Promise.all(flood)).toContain('ERR_KAUTH_OVERLOADED');
    expect(order[0]).toBe('amy');
  });

  it('goes on while so many guess from elsewhere that nobody else may wait', async () => {
    const { path, store, auth } = await open(['amy']);
    expect(await login(auth, 'amy')).toBe('amy');
    await changeElsewhere(path, store);
    const order: unknown[] = [];
    const flood = Array.from({ length: 1500 }, (_, guess) =>
      login(
        auth,
        `user-${String(guess % 100)}`,
        String(guess),
        `198.51.100.${String(guess % 100)}`,
      ),
    );
    void Promise.all(flood).then(() => order.push('flood'));
    order.push(await login(auth, 'amy'));
    expect(await Promise.all(flood)).toContain('ERR_KAUTH_OVERLOADED');
    expect(order[0]).toBe('amy');
  });

  it('goes on beside many others at the same address', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `user-${String(index)}`);
    const { path, store, auth } = await open(names);
    for (const name of names) expect(await login(auth, name)).toBe(name);
    await changeElsewhere(path, store);
    runs.forget();
    expect(await Promise.all(names.map((name) => login(auth, name)))).toEqual(names);
    expect(runs.compared).toEqual([]);
  });

  it('is judged anew if it was changed itself', async () => {
    const { path, store, auth } = await open(['amy', 'bob']);
    for (const name of ['amy', 'bob']) expect(await login(auth, name)).toBe(name);
    const other = new SqliteUserStore(path);
    opened.push(other);
    const told = new Promise<void>(
      (resolve) =>
        void store.watch(() => {
          resolve();
        }),
    );
    await other.open();
    await other.delete('bob');
    await other.update('amy', { hash: HASH.replace('8DV', '9DV') });
    await told;
    expect(await login(auth, 'amy')).toBe('ERR_KAUTH_FAILED');
    expect(await login(auth, 'bob')).toBe('ERR_KAUTH_FAILED');
  });

  it('costs what a wrong password costs while nobody can be looked up', async () => {
    let tell: (() => void) | undefined;
    let looks = 0;
    let isDown = false;
    const store: UserSource = {
      find: (name) => {
        looks += 1;
        if (isDown) throw new StoreUnavailableError('down');
        return { name, type: 'normal', hash: HASH, permissions: [] };
      },
      watch: (listener) => {
        tell = listener;
        return () => undefined;
      },
    };
    const { auth } = await open([], { store });
    expect(await login(auth, 'amy')).toBe('amy');
    tell?.();
    isDown = true;
    for (const password of ['pw', 'wrong']) {
      looks = 0;
      runs.forget();
      expect(await login(auth, 'amy', password)).toBe('ERR_KAUTH_STORE_UNAVAILABLE');
      expect([looks, runs.compared]).toEqual([1, [4]]);
    }
  });
});
