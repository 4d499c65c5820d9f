import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import { MemoryTerminal } from './memory-terminal.js';

jest.mock('../../lib/cli/stop-signal.js', () => ({
  stopSignal: () => Promise.resolve('SIGTERM'),
}));

const OFF = /"msg":"pages to manage users off \(KAPACITOR_PAGES_ENABLED=true shows them\)"/;

describe('serve', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  });

  afterEach(() => {
    delete process.env.KAPACITOR_ADMIN_PASSWORD;
    rmSync(folder, { recursive: true });
  });

  /** Serves on a free port until it listens. */
  async function serve(terminal: MemoryTerminal, ...more: string[]): Promise<void> {
    const source = ['--config', devNull, '--store', join(folder, 'users.db')];
    await expect(
      run(['serve', '--host', '127.0.0.1', '--port', '0', ...source, ...more], terminal),
    ).resolves.toBe(0);
  }

  it('tells a person where it listens, where its users are, and the first password once', async () => {
    const first = new MemoryTerminal();
    await serve(first);
    expect(first.stderr.text).toMatch(
      /^\nkapacitor-auth \S+ listens on http:\/\/127\.0\.0\.1:\d+\n/,
    );
    expect(first.stderr.text).toContain(`users:          ${folder}/users.db (sqlite)\n`);
    expect(first.stderr.text).toContain('configuration:  environment and defaults\n');
    expect(first.stderr.text).toMatch(
      /listens on (\S+)\n.* pages: +\1\/admin\/\n.*\nLog in at \1\/admin\/ or try:\n/s,
    );
    expect(first.stderr.text).toMatch(
      /password is shown only now: (\S+)\n.*curl -u admin:\1 http/s,
    );
    const second = new MemoryTerminal();
    await serve(second);
    expect(second.stderr.text).toContain('listens on');
    expect(second.stderr.text).not.toContain('password');
  });

  it('writes JSON lines only where nobody sits at a terminal', async () => {
    process.env.KAPACITOR_ADMIN_PASSWORD = 'chosen-password';
    const terminal = new MemoryTerminal('');
    await serve(terminal);
    const messages = terminal.stdout.text
      .trim()
      .split('\n')
      .map((line) => /"msg":"(.*)"}$/.exec(line)?.[1]);
    expect(messages).toEqual([
      'audit',
      expect.stringMatching(
        /^listening on http:\/\/127\.0\.0\.1:\d+, users in .*users\.db \(sqlite\)$/,
      ),
      expect.stringMatching(/^pages to manage users at http:\/\/127\.0\.0\.1:\d+\/admin\/$/),
      'SIGTERM: no more requests are accepted',
      'stopped',
    ]);
    expect(terminal.stderr.text).toMatch(/KAPACITOR_ADMIN_PASSWORD\n.*curl -u admin http/s);
    expect(terminal.stderr.text).not.toContain('chosen-password');
  });

  it.each([
    ['names no pages', '127.0.0.1', 'false', /\nTry:\n/, /pages/],
    ['says how pages are shown', '0.0.0.0', undefined, OFF, /admin\/|Log in at/],
    [
      'says what pages in the clear lack',
      '0.0.0.0',
      'true',
      /"level":40,.*"msg":"the pages to manage users take no login from other machines.* set gateway\.tls-cert/,
      /^$/,
    ],
  ])('%s on %s with KAPACITOR_PAGES_ENABLED=%s', async (_what, host, enabled, said, unsaid) => {
    const terminal = new MemoryTerminal('');
    if (enabled !== undefined) process.env.KAPACITOR_PAGES_ENABLED = enabled;
    await serve(terminal, '--host', host);
    delete process.env.KAPACITOR_PAGES_ENABLED;
    const text = terminal.stdout.text + terminal.stderr.text;
    expect(text).toMatch(said);
    expect(text).not.toMatch(unsaid);
  });

  it.each(['warn', 'silent'])('logs no more at %s beside what is to be audited', async (level) => {
    const terminal = new MemoryTerminal('');
    await serve(terminal, '--log-level', level);
    const made = { audit: true, event: 'userChanged', user: 'admin', change: 'created' };
    expect(JSON.parse(terminal.stdout.text)).toMatchObject(made);
    expect(terminal.stderr.text).toContain(`the password is in ${folder}/admin-password`);
  });

  it.each([
    ['--auth-enabled=false', {}, '--auth-enabled (command line)'],
    [
      '--log-level=info',
      { KAPACITOR_HTTP_AUTH_ENABLED: 'false' },
      'http.auth-enabled (KAPACITOR_HTTP_AUTH_ENABLED)',
    ],
  ])('names the place where authentication is switched off: %s %j', async (flag, env, place) => {
    const terminal = new MemoryTerminal('');
    Object.assign(process.env, env);
    await serve(terminal, flag);
    delete process.env.KAPACITOR_HTTP_AUTH_ENABLED;
    expect(terminal.stdout.text).toContain(
      `"WRN_KAUTH_AUTH_DISABLED: ${place} is false: every request passes as administrator"`,
    );
    expect(terminal.stdout.text).not.toContain('(code)');
  });

  it('says at each start that the first password still lies beside the users', async () => {
    const first = new MemoryTerminal('');
    await serve(first);
    expect(first.stdout.text).not.toContain('is still there');
    const path = join(folder, 'admin-password');
    copyFileSync(path, `${path}.users.db`);
    for (const input of ['', undefined]) {
      const again = new MemoryTerminal(input);
      await serve(again);
      const files = again.stdout.text.matchAll(
        /"level":40,.*"msg":"(\S+) is still there: .* delete the file"/g,
      );
      expect(Array.from(files, ([, file]) => file)).toEqual([path, `${path}.users.db`]);
      expect(again.stdout.text).not.toContain(readFileSync(path, 'utf8').trim());
    }
    rmSync(path);
    rmSync(`${path}.users.db`);
    const last = new MemoryTerminal('');
    await serve(last);
    expect(last.stdout.text).not.toContain('is still there');
  });

  it('looks for no first password where users are in memory', async () => {
    writeFileSync(join(folder, 'admin-password'), 'of another\n');
    const terminal = new MemoryTerminal('');
    const before = process.cwd();
    process.chdir(folder);
    await serve(terminal, '--store', ':memory:');
    process.chdir(before);
    expect(terminal.stdout.text).not.toContain('is still there');
  });

  it('knows no other level', async () => {
    const terminal = new MemoryTerminal('');
    await expect(run(['serve', '--log-level', 'loud'], terminal)).resolves.toBe(1);
    expect(terminal.stderr.text).toContain('info, warn, error, silent');
  });

  it.each([
    ['a configuration that is missing', ['--config', 'missing.conf'], ''],
    ['a store in a folder that is missing', ['--store', 'missing/users.db'], ''],
    ['a store that is a folder', ['--store', '.'], ''],
    ['a file that is no store', ['--store', 'foreign.db'], ''],
    ['a broken file', ['--store', 'broken.json'], ''],
    ['a first password that is too long', ['--store', 'users.db'], 'x'.repeat(73)],
  ])(
    'exits with 1, what is wrong and where to read about it for %s',
    async (_what, [option = '', path = ''], password) => {
      const onlyOwner = { mode: 0o600 };
      writeFileSync(
        join(folder, 'foreign.db'),
        'not a database, and long enough'.repeat(99),
        onlyOwner,
      );
      writeFileSync(join(folder, 'broken.json'), '{ "version": 1, "users": [', onlyOwner);
      process.env.KAPACITOR_ADMIN_PASSWORD = password;
      const terminal = new MemoryTerminal('');
      const words = ['serve', '--port', '0', option, join(folder, path)];
      await expect(run(words, terminal)).resolves.toBe(1);
      expect(terminal.stderr.text).toMatch(/^kapacitor-auth: [^\n]+\n(?: {2}[^\n]+\n){0,2}$/);
      expect(terminal.stderr.text + terminal.stdout.text).not.toMatch(/\bat |listening|xxxx/);
    },
  );
});
