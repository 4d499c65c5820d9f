import { join } from 'node:path';
import type { KapacitorAuth, UserStore } from '../../../lib/index.js';
import { MemoryUserStore, PostgresUserStore, SqliteUserStore } from '../../../lib/index.js';
import { openAuth, people, SECRET } from '../../support/open-auth.js';
import { describePostgres } from '../../support/postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { beginSession, sessionsFor } from './begin-session.js';

type TwoStores = readonly [UserStore, UserStore];

/** Two instances over the same users. */
async function openTwo(open: () => TwoStores, secrets: readonly [string, string]) {
  const stores = open();
  const openOne = (at: 0 | 1): KapacitorAuth =>
    openAuth({ store: stores[at], http: { authEnabled: true, sharedSecret: secrets[at] } });
  const first = openOne(0);
  for (const { name, ...rest } of people) {
    if ((await first.users?.get(name)) === undefined) await first.users?.create({ name, ...rest });
  }
  return { first, second: openOne(1) };
}

function sharedSessions(open: () => TwoStores): void {
  it('go on at another instance with the same secret, and at no other', async () => {
    const { first, second } = await openTwo(open, [SECRET, SECRET]);
    const { value } = await beginSession(first);
    expect((await sessionsFor(second).find(value))?.user.name).toBe('amy');
    const others = await openTwo(open, [`${SECRET} of others`, '']);
    expect(await sessionsFor(others.first).find(value)).toBeUndefined();
    expect(await sessionsFor(others.second).find(value)).toBeUndefined();
  });

  it('go on in another process of a server with the same key', async () => {
    const { first, second } = await openTwo(open, ['', '']);
    for (const auth of [first, second]) sessionsFor(auth).useKey('k'.repeat(32));
    const { value } = await beginSession(first);
    expect(await sessionsFor(second).find(value)).toBeDefined();
    await sessionsFor(second).end(value);
    expect(await sessionsFor(first).find(value)).toBeUndefined();
    expect(() => {
      sessionsFor(first).useKey('too short');
    }).toThrow(/32 bytes/);
  });

  const ends: [string, (auth: KapacitorAuth) => Promise<unknown> | undefined][] = [
    ['the end of all sessions', (auth) => auth.users?.endSessions('amy')],
    ['a new password', (auth) => auth.users?.update('amy', { password: 'amy-pw' })],
    ['deletion', (auth) => auth.users?.delete('amy')],
  ];
  it.each(ends)('are over everywhere after %s', async (_, end) => {
    const { first, second } = await openTwo(open, [SECRET, SECRET]);
    const { value } = await beginSession(first);
    const root = await sessionsFor(first).begin('root', 'root-pw', { headers: {} });
    expect(await sessionsFor(second).find(value)).toBeDefined();
    await end(second);
    expect(await sessionsFor(second).find(value)).toBeUndefined();
    // News of other processes may take a moment.
    await until('the news came', async () => (await sessionsFor(first).find(value)) === undefined);
    expect(await sessionsFor(first).find(root.value)).toBeDefined();
  });

  it('are over everywhere after a log-out, at once', async () => {
    const { first, second } = await openTwo(open, [SECRET, SECRET]);
    const { value } = await beginSession(first);
    expect(await sessionsFor(second).find(value)).toBeDefined();
    await sessionsFor(first).end(value);
    expect(await sessionsFor(first).find(value)).toBeUndefined();
    expect(await sessionsFor(second).find(value)).toBeUndefined();
  });
}

describe('sessions over one memory', () => {
  sharedSessions(() => {
    const store = new MemoryUserStore(people);
    return [store, store];
  });
});

describe('sessions over one SQLite file', () => {
  const file = join(temporaryFolder(), 'users.db');
  sharedSessions(() => [new SqliteUserStore(file), new SqliteUserStore(file)]);
});

describePostgres('sessions over one PostgreSQL', (server) => {
  const open = (): UserStore => new PostgresUserStore({ url: server().url() });
  sharedSessions(() => [open(), open()]);
});
