import { importAtOnce, importUsers } from '../../lib/cli/users/import-users.js';
import type { UserChangedEvent, Users, UserStore } from '../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth } from '../support/open-auth.js';
import { CommandLine } from './command-line.js';

const HASH = '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu';

describe('users import --atomic', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = new CommandLine();
    await line.add('root --type admin');
  });

  afterEach(() => {
    line.remove();
  });

  const json = (...users: readonly object[]): string => JSON.stringify({ version: 1, users });
  const amy = { name: 'amy', hash: HASH, permissions: ['api'] };

  it('adds and changes all', async () => {
    await line.add('ben --permissions api');
    const users = json(amy, { name: 'ben', hash: HASH });
    await expect(line.run('users import - --atomic --update', users)).resolves.toEqual({
      exitCode: 0,
      stdout: `added 1 user to ${line.store} (sqlite): amy\nupdated 1 user in ${line.store} (sqlite): ben\n`,
      stderr: '',
    });
    await expect(line.users()).resolves.toEqual([
      { name: 'amy', type: 'normal', permissions: ['api'] },
      { name: 'ben', type: 'normal', permissions: [] },
      { name: 'root', type: 'admin', permissions: [] },
    ]);
  });

  it('leaves what an htpasswd does not say', async () => {
    await line.add('ben --permissions api');
    const words = 'users import - --atomic --update';
    await expect(line.run(words, `ben:${HASH}\n`)).resolves.toMatchObject({ exitCode: 0 });
    await expect(line.users()).resolves.toContainEqual({
      name: 'ben',
      type: 'normal',
      permissions: ['api'],
    });
  });

  it.each([
    [
      'somebody is there already',
      '',
      json(amy, { name: 'root', hash: HASH }),
      '"root" already exists (see --update)',
    ],
    [
      'no administrator would be left',
      ' --update',
      json(amy, { name: 'root', hash: HASH }),
      '"root" is the last admin',
    ],
    [
      'a line can not be used',
      '',
      `amy:${HASH}\nzoe:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n`,
      'line 2: zoe is hashed by SHA-1',
    ],
    ['a line is none', '', `amy:${HASH}\nsecret\n`, 'line 2: is not NAME:HASH'],
  ])('imports nothing if %s', async (_why, option, input, told) => {
    const { exitCode, stdout, stderr } = await line.run(`users import - --atomic${option}`, input);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^kapacitor-auth: nothing was imported:/);
    expect(stderr).toContain(told);
    await expect(line.users()).resolves.toMatchObject([{ name: 'root', type: 'admin' }]);
  });

  it('with --dry-run tells what would be done', async () => {
    await expect(line.run('users import - --atomic --dry-run', json(amy))).resolves.toMatchObject({
      exitCode: 0,
      stdout: `would have added 1 user to ${line.store} (sqlite): amy\n`,
    });
  });
});

describe('users import that a signal stops', () => {
  it.each(['', ' --json'])(
    'says how far it came, and exits as a shell has it%s',
    async (option) => {
      const line = new CommandLine();
      await line.add('root --type admin');
      const names = Array.from({ length: 200 }, (_, index) => `user-${String(index)}`);
      const listening = process.listenerCount('SIGTERM');
      const running = line.run(
        `users import -${option}`,
        names.map((name) => `${name}:${HASH}\n`).join(''),
      );
      while (process.listenerCount('SIGTERM') === listening) {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      process.emit('SIGTERM', 'SIGTERM');
      const { exitCode, stdout, stderr } = await running;
      const users = await line.users();
      const done = Array.isArray(users) ? users.length - 1 : undefined;
      expect([exitCode, stderr]).toEqual([
        143,
        `kapacitor-auth: stopped by SIGTERM: ${String(done)} of 200 users are done; the same command goes on\n`,
      ]);
      if (option !== '') {
        expect(JSON.parse(stdout)).toMatchObject({ stopped: { by: 'SIGTERM', done } });
      }
      line.remove();
    },
  );
});

describe('an import', () => {
  function usersOf(store: UserStore): { users: Users; events: UserChangedEvent[] } {
    const auth = openAuth({ store, logger: listeningLogger() });
    const events: UserChangedEvent[] = [];
    auth.on('userChanged', (event) => events.push(event));
    if (auth.users === undefined) throw new Error('no users');
    return { users: auth.users, events };
  }

  const brought = ['amy', 'ben'].map((name) => ({ place: name, name, hash: HASH }));

  it('at once tells of each user as any other change does', async () => {
    const store = new MemoryUserStore([{ name: 'ben', password: 'ben-pw', permissions: ['api'] }]);
    const { users, events } = usersOf(store);
    await importAtOnce(users, brought, { update: true });
    expect(events).toMatchObject([
      { user: 'amy', change: 'created', fields: ['type', 'permissions', 'password'] },
      { user: 'ben', change: 'updated', fields: ['password'], before: { permissions: ['api'] } },
    ]);
  });

  it('at once is refused by a store that can not do it, which says so', async () => {
    const sound = new MemoryUserStore();
    const store: UserStore = {
      find: (name) => sound.find(name),
      list: () => sound.list(),
      create: (user) => sound.create(user),
      update: (name, changes) => sound.update(name, changes),
      delete: (name) => sound.delete(name),
      replaceHash: (name, expected, replacement) => sound.replaceHash(name, expected, replacement),
      open: () => sound.open(),
    };
    const { users } = usersOf(store);
    await expect(importAtOnce(users, brought, { update: true })).rejects.toThrow(
      'this store can not change several users at once: it has no method putAll',
    );
  });

  it('at once does not claim to have done nothing where that is not known', async () => {
    const store = new MemoryUserStore();
    jest.spyOn(store, 'putAll').mockRejectedValue(new StoreUnavailableError('the disk is full'));
    const { users } = usersOf(store);
    await expect(importAtOnce(users, brought, { update: true })).rejects.toThrow(
      /^the disk is full/,
    );
  });

  it('stops before the next user once a signal came', async () => {
    const { users } = usersOf(new MemoryUserStore());
    const signals = [undefined, 'SIGINT'] as const;
    let asked = 0;
    const report = await importUsers(users, brought, {
      update: false,
      dryRun: false,
      stopSignal: () => signals[asked++],
    });
    expect(report).toEqual({
      added: ['amy'],
      updated: [],
      existing: [],
      leftOut: [],
      stopped: { by: 'SIGINT', done: 1 },
    });
  });
});
