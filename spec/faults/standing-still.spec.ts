import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { UserStore } from '../../lib/index.js';
import { FileUserStore, SqliteUserStore } from '../../lib/index.js';
import { spawnWithLib } from '../support/lib-process.js';
import { openAuth } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { askServer as ask, SERVER } from './asked-server.js';

const folder = temporaryFolder();

const stores: readonly (readonly [string, string, (path: string) => UserStore])[] = [
  ['SQLite', join(folder, 'users.db'), (path) => new SqliteUserStore(path)],
  ['a file', join(folder, 'users.json'), (path) => new FileUserStore(path)],
];

it.each(stores)(
  'a process that stood still judges its first requests by what changed meanwhile: %s',
  async (_name, path, open) => {
    const { users } = openAuth({ store: open(path) });
    for (const name of ['root', 'amy', 'bob']) {
      await users?.create({ name, password: `${name}-pw`, type: 'admin' });
    }
    // Older than what a file's time can tell apart.
    await delay(2_500);
    const server = spawnWithLib({ script: SERVER, args: [JSON.stringify({ path })] });
    try {
      const [line] = (await once(server.stdout, 'data')) as [Buffer];
      const port = Number(line.toString());
      for (const name of ['amy', 'bob', 'amy', 'bob']) expect(await ask(port, name)).toBe('admin');
      server.kill('SIGSTOP');
      await users?.delete('amy');
      await users?.update('bob', { type: 'normal' });
      await delay(1_500);
      const asked = Array.from({ length: 40 }, (_, index) => ask(port, index % 2 ? 'amy' : 'bob'));
      await delay(100);
      server.kill('SIGCONT');
      const answers = await Promise.all(asked);
      expect([...new Set(answers)].sort()).toEqual(['ERR_KAUTH_FAILED', 'normal']);
    } finally {
      server.kill('SIGKILL');
    }
  },
);

it.each(stores)(
  'a process that stood still refuses the tokens of subscriptions that were revoked meanwhile: %s',
  async (_name, path, open) => {
    const place = path.replace('users', 'subscribed');
    const { users, subscriptions } = openAuth({ store: open(place) });
    await users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
    const revoked = await subscriptions?.grant({ database: 'telegraf' });
    const kept = await subscriptions?.grant({ database: 'telegraf' });
    if (revoked === undefined || kept === undefined) throw new Error('no subscriptions');
    await delay(2_500);
    const server = spawnWithLib({ script: SERVER, args: [JSON.stringify({ path: place })] });
    try {
      const [line] = (await once(server.stdout, 'data')) as [Buffer];
      const port = Number(line.toString());
      const push = (token: string) => ask(port, '~subscriber', token);
      expect(await push(revoked.token)).toBe('normal');
      server.kill('SIGSTOP');
      await subscriptions?.revoke(revoked.id);
      await delay(1_500);
      const first = Array.from({ length: 10 }, () => push(revoked.token));
      const others = Array.from({ length: 10 }, () => push(kept.token));
      await delay(100);
      server.kill('SIGCONT');
      expect([...new Set(await Promise.all(first))]).toEqual(['ERR_KAUTH_SUBSCRIPTION_TOKEN']);
      expect([...new Set(await Promise.all(others))]).toEqual(['normal']);
    } finally {
      server.kill('SIGKILL');
    }
  },
);
