import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import type { Outcome } from './command-line.js';
import { CommandLine } from './command-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('users', () => {
  let line: CommandLine;
  let folder: string;
  let store: string;

  beforeEach(() => {
    line = new CommandLine();
    ({ folder, store } = line);
  });

  afterEach(() => {
    line.remove();
  });

  function users(words: string, input?: string): Promise<Outcome> {
    line.store = store;
    return line.run(`users ${words}`, input);
  }

  async function add(words: string): Promise<void> {
    const { stderr } = await users(`add ${words} --password-stdin`, 'a-password\n');
    expect(stderr).toBe('');
  }

  it('adds users and lists them as a table', async () => {
    await add('amy --permissions write_points,api');
    await add('benjamin --type admin');
    await add('nobody --permissions none');
    expect(await users('list')).toEqual({
      exitCode: 0,
      stdout: [
        'NAME      TYPE    PERMISSIONS',
        'amy       normal  api, write_points',
        'benjamin  admin   all',
        'nobody    normal  none',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('lists users as JSON', async () => {
    await add('amy --permissions api');
    expect(await line.users()).toEqual([{ name: 'amy', type: 'normal', permissions: ['api'] }]);
  });

  it('lists users by a pattern', async () => {
    await add('amy');
    await add('bob');
    const { stdout } = await users('list --pattern a*');
    expect(stdout).toContain('amy');
    expect(stdout).not.toContain('bob');
  });

  it.each([
    ['db', 'sqlite'],
    ['json', 'file'],
    ['JSON', 'file'],
  ])('takes the kind of store from its name: .%s is %s', async (ending, type) => {
    store = join(folder, `users.${ending}`);
    const { stdout } = await users('add amy --password-stdin', 'a-password');
    expect(stdout).toBe(`added amy (normal; permissions: none) to ${store} (${type})\n`);
  });

  it('adds a user whose password comes from standard input', async () => {
    await users('add amy --password-stdin', 'first line\nsecond line\n');
    await expect(line.logsIn('amy', 'first line')).resolves.toBe(true);
    await expect(line.logsIn('amy', 'second line')).resolves.toBe(false);
  });

  it('asks for the password at a terminal', async () => {
    const terminal = new MemoryTerminal();
    const done = run(['users', 'add', 'amy', '--config', devNull, '--store', store], terminal);
    terminal.stdin.write('typed\r');
    terminal.stdin.write('typed\r');
    await expect(done).resolves.toBe(0);
    await expect(line.logsIn('amy', 'typed')).resolves.toBe(true);
  });

  it.each(['add amy', 'passwd amy'])(
    '%s exits with 2 where nobody can be asked for the password',
    async (words) => {
      expect(await users(words)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr:
          'kapacitor-auth: there is no terminal to ask for the password at: give it on standard input with --password-stdin\n',
      });
      expect(existsSync(store)).toBe(false);
    },
  );

  it('changes type and permissions', async () => {
    await add('amy');
    await add('bob --permissions api');
    expect((await users('set amy --type admin')).stdout).toBe(
      `changed amy (admin; permissions: all) in ${store} (sqlite)\n`,
    );
    await users('set bob --permissions config_api');
    expect(await line.users()).toEqual([
      { name: 'amy', type: 'admin', permissions: [] },
      { name: 'bob', type: 'normal', permissions: ['config_api'] },
    ]);
  });

  it('changes a password', async () => {
    await add('amy');
    expect((await users('passwd amy --password-stdin', 'new')).stdout).toBe(
      `changed the password of amy in ${store} (sqlite)\n`,
    );
    await expect(line.logsIn('amy', 'new')).resolves.toBe(true);
    await expect(line.logsIn('amy', 'a-password')).resolves.toBe(false);
  });

  it('removes a user', async () => {
    await add('amy');
    await add('bob');
    expect((await users('rm amy')).stdout).toBe(`removed amy from ${store} (sqlite)\n`);
    expect(await line.users()).toMatchObject([{ name: 'bob' }]);
  });

  it.each(['rm root', 'set root --type normal'])(
    '%s leaves the last administrator alone without --force',
    async (words) => {
      await add('root --type admin');
      const { exitCode, stderr } = await users(words);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^kapacitor-auth: "root" is the last admin[^\n]*\n$/);
      expect((await users(`${words} --force`)).exitCode).toBe(0);
    },
  );

  it.each(['set zoe --type admin', 'passwd zoe --password-stdin', 'rm zoe', 'rm zoe --force'])(
    '%s fails when there is no such user',
    async (words) => {
      await add('amy');
      expect(await users(words, 'a-password')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `kapacitor-auth: there is no user "zoe" in ${store} (sqlite)\n`,
      });
    },
  );

  it.each([
    ['add amy --password-stdin', 'x', /there is a user "amy" in .* already/],
    ['add a/b --password-stdin', 'x', /username must contain only/],
    ['add bob --password-stdin', '', /password is required/],
    ['add bob --password-stdin', 'x'.repeat(73), /password must not be longer than 72 bytes/],
    ['list --pattern [', '', /invalid pattern/],
  ])('%s fails with one line and exit code 1', async (words, input, problem) => {
    await add('amy');
    const { exitCode, stdout, stderr } = await users(words, input);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^kapacitor-auth: [^\n]+\n$/);
    expect(stderr).toMatch(problem);
  });

  it.each(['list', 'rm amy', 'set amy --type admin'])(
    '%s makes no store where there is none',
    async (words) => {
      const { exitCode, stderr } = await users(words);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`there are no users at ${store} (sqlite): see --store`);
      expect(existsSync(store)).toBe(false);
    },
  );

  it.each([
    ['a name', ['add', 'a b'], 'x'],
    ['no password', ['add', 'amy'], ''],
    ['too long a password', ['add', 'amy'], 'x'.repeat(73)],
  ])('add makes no store for %s that can’t be', async (_what, words, input) => {
    const { exitCode } = await line.run(['users', ...words, '--password-stdin'], input);
    expect(exitCode).toBe(1);
    expect(existsSync(store)).toBe(false);
  });

  it('keeps and shows what an administrator was granted, which counts after a demotion', async () => {
    await add('root --type admin');
    await add('amy --type admin --permissions api');
    expect((await users('list')).stdout).toMatch(/^amy +admin +all \(as a normal user: api\)$/m);
    await users('set amy --type normal');
    expect(await line.users()).toEqual([
      { name: 'amy', type: 'normal', permissions: ['api'] },
      { name: 'root', type: 'admin', permissions: [] },
    ]);
  });

  it('says so when the store cannot be read', async () => {
    writeFileSync(
      store,
      'this is no database, but something long enough to be read as one'.repeat(9),
      { mode: 0o600 },
    );
    const { exitCode, stderr } = await users('list');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^kapacitor-auth: [^\n]+\n {2}see \S+#err_kauth_store_unavailable\n$/);
  });

  it('says where users are kept when that is a meta node', async () => {
    const file = join(folder, 'kapacitor.conf');
    writeFileSync(file, '[auth]\nmeta-addr = "meta.example:8091"\n');
    const terminal = new MemoryTerminal('');
    await expect(run(['users', 'list', '--config', file], terminal)).resolves.toBe(1);
    expect(terminal.stderr.text).toContain(
      'kapacitor-auth: users are managed where they are kept: on the meta node at meta.example:8091\n',
    );
  });

  it('lists every problem of the configuration', async () => {
    const file = join(folder, 'kapacitor.conf');
    writeFileSync(file, '[auth]\nbcrypt-cost = 99\ncache-expiration = "soon"\n');
    const terminal = new MemoryTerminal('');
    await expect(run(['users', 'list', '--config', file], terminal)).resolves.toBe(1);
    expect(terminal.stderr.text).toMatch(/\n +auth\.cache-expiration .*\n +auth\.bcrypt-cost /);
    expect(terminal.stderr.text).not.toContain('    at ');
  });

  it('warns of a store that others may read', async () => {
    store = join(folder, 'users.json');
    await add('amy');
    chmodSync(store, 0o644);
    const { exitCode, stderr } = await users('list');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^kapacitor-auth: warning: WRN_KAUTH_STORE_FILE_MODE: [^\n]+\n {2}see \S+#wrn_kauth_store_file_mode\n$/,
    );
  });

  it('shows a user, and what it may do on which resource', async () => {
    await add('amy --permissions api');
    expect(await users('show amy')).toEqual({
      exitCode: 0,
      stdout: [
        'NAME         amy',
        'TYPE         normal',
        'PERMISSIONS  api',
        'PRIVILEGES   all on /api',
        '             none on /api/config',
        '             none on /api/write',
        `KEPT IN      ${store} (sqlite)`,
        '',
      ].join('\n'),
      stderr: '',
    });
    await add('nobody');
    expect((await users('show nobody')).stdout).toContain('PRIVILEGES   none\n');
  });

  it('shows a user as JSON, without its hash', async () => {
    await add('amy --type admin');
    const { stdout } = await users('show amy --json');
    expect(JSON.parse(stdout)).toEqual({
      name: 'amy',
      type: 'admin',
      permissions: [],
      privileges: { '/': ['all'] },
      source: 'local',
    });
  });

  it('says that there is no user to show', async () => {
    await add('amy');
    expect(await users('show zoe')).toMatchObject({
      exitCode: 1,
      stderr: `kapacitor-auth: there is no user "zoe" in ${store} (sqlite)\n`,
    });
  });
});
