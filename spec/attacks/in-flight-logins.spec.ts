import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hash as bcryptHash } from 'bcrypt';
import type { Users, UserStore } from '../../lib/index.js';
import {
  AuthenticationError,
  FileUserStore,
  MemoryUserStore,
  SqliteUserStore,
} from '../../lib/index.js';
import { basic, openAuth } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;

const STORES: readonly (readonly [string, () => UserStore])[] = [
  ['memory', () => new MemoryUserStore()],
  ['a file', () => new FileUserStore(join(folder, `${String(++places)}.json`))],
  ['SQLite', () => new SqliteUserStore(join(folder, `${String(++places)}.db`))],
];

/** bcrypt takes so long that a change is made meanwhile. */
const COST = 13;
let [hash, another] = ['', ''];

beforeAll(async () => {
  hash = await bcryptHash('amy-pw', COST);
  another = await bcryptHash('another-pw', 4);
});

type Change = (users: Users) => Promise<unknown>;

const CHANGES: readonly (readonly [change: string, outcome: string, make: Change])[] = [
  ['is deleted', 'ERR_KAUTH_FAILED', (users) => users.delete('amy')],
  ['gets another password', 'ERR_KAUTH_FAILED', (users) => users.update('amy', { hash: another })],
  [
    'gives the name to another',
    'ERR_KAUTH_FAILED',
    async (users) => {
      await users.delete('amy');
      await users.create({ name: 'amy', hash: another });
    },
  ],
  ['is demoted', 'normal', (users) => users.update('amy', { type: 'normal' })],
  ['stays, and another changes', 'admin', (users) => users.update('bob', { type: 'normal' })],
];

describe.each(STORES)('a login over %s while its user', (_store, open) => {
  it.each(CHANGES)('%s: %s', async (_change, outcome, make) => {
    const store = open();
    const { users } = openAuth({ store });
    if (users === undefined) throw new Error('no users');
    for (const name of ['root', 'amy', 'bob']) await users.create({ name, hash, type: 'admin' });
    const auth = openAuth({ store, auth: { enabled: true, bcryptCost: COST } });
    await auth.ready();
    const login = (async () => {
      const user = await auth.authenticate({ headers: { authorization: basic('amy', 'amy-pw') } });
      return user.type;
    })().catch((error: unknown) => (error instanceof AuthenticationError ? error.code : error));
    await delay(20);
    await make(users);
    await expect(login).resolves.toBe(outcome);
  });
});
