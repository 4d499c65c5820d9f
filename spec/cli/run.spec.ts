import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import { VERSION } from '../../lib/server/version.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('a wrong value on the command line', () => {
  it.each([
    [['serve', '--upstream', 'kapacitor:9092'], '--upstream (command line): "kapacitor:9092"'],
    [['serve', '--upstream', 'http://a:b@c'], '--upstream (command line): a text (not shown)'],
    [['config', 'check', '--config', 'nowhere.conf'], '--config (command line): "nowhere.conf"'],
    [['users', 'list', '--config', 'nowhere.conf'], '--config (command line)'],
    [
      ['users', 'list', '--config', 'package.json'],
      '--config (package.json): is a file of an unknown kind',
    ],
    [['serve', '--tls-cert', '/nowhere/c.pem'], 'go together, as --tls-cert and --tls-key'],
    [['serve', '--tls-key', '/nowhere/k.pem'], 'go together, as --tls-cert and --tls-key'],
    [
      ['serve', '--tls-cert', 'package.json', '--tls-key', '/nowhere/k.pem'],
      '--tls-key (command line)',
    ],
    [
      ['serve', '--audit-log', '/nowhere/audit.log'],
      "--audit-log (command line): /nowhere/audit.log can't be written",
    ],
  ])('%j is told by the name that was typed', async (words, told) => {
    const terminal = new MemoryTerminal('');
    const own = words[0] === 'serve' ? ['--config', '/dev/null', '--store', ':memory:'] : [];
    await expect(run([...words, ...own], terminal)).resolves.toBe(1);
    expect(terminal.stderr.text).toContain(told);
    expect(terminal.stderr.text).not.toContain('code)');
  });
});

describe('the command line', () => {
  let terminal: MemoryTerminal;

  beforeEach(() => {
    terminal = new MemoryTerminal();
  });

  it.each([
    ['--version', [`${VERSION}\n`]],
    [
      '--help',
      [
        'serve',
        'users',
        'explain',
        'token',
        'hash',
        'completion',
        '--config <file>',
        '--store <path>',
        'Examples:',
        'Exit codes:',
      ],
    ],
    [
      'users --help',
      [
        'list',
        'show',
        'add',
        'set',
        'passwd',
        'rm',
        'import',
        'export',
        '--store <path>',
        'Examples:',
      ],
    ],
    ['help users', ['passwd']],
    ['serve --help', ['--port', '127.0.0.1', '9095', 'KAPACITOR_ADMIN_PASSWORD', 'Exit codes:']],
    ['explain --help', ['<user> <method> <path>', '--json', 'Examples:', '3  refused']],
    ['token --help', ['--lifetime <duration>', '(default: 5m)', 'Examples:', 'Exit codes:']],
    ['hash --help', ['--cost <cost>', '--password-stdin', 'Examples:', 'Exit codes:']],
    ['completion --help', ['(choices: "bash", "zsh")', '~/.bashrc', '~/.zshrc']],
    ['config --help', ['check', 'show', 'Examples:', 'Exit codes:']],
    ['users import --help', ['--update', '--dry-run', 'Permissions:', '3  some were left out']],
    ['users export --help', ['[file]', 'password hashes', 'Examples:']],
    ['users add --help', ['--password-stdin', 'write_points', '--type <type>', '--store <path>']],
  ])('%s tells on standard output and exits with 0', async (words, told) => {
    await expect(run(words.split(' '), terminal)).resolves.toBe(0);
    for (const text of told) expect(terminal.stdout.text).toContain(text);
    expect(terminal.stderr.text).toBe('');
  });

  it.each([
    ['user list', 2, "unknown command 'user' (Did you mean users?)"],
    ['users lst', 2, "unknown command 'lst' (Did you mean list?)"],
    ['explan amy', 2, "unknown command 'explan' (Did you mean explain?)"],
    ['users imprt x', 2, "unknown command 'imprt' (Did you mean import?)"],
    ['config chek', 2, "unknown command 'chek' (Did you mean check?)"],
    ['explain amy GET / --jsn', 2, "unknown option '--jsn' (Did you mean --json?)"],
    ['token amy --lifetme 5m', 2, "unknown option '--lifetme' (Did you mean --lifetime?)"],
    ['hash --cst 4', 2, "unknown option '--cst' (Did you mean --cost?)"],
    ['users import x --updat', 2, "unknown option '--updat' (Did you mean --update?)"],
    ['completion fish', 2, 'Allowed choices are bash, zsh.'],
    ['completion', 2, "missing required argument 'shell'"],
    ['--stor x', 2, "unknown option '--stor' (Did you mean --store?)"],
    ['users list --jsn', 2, "unknown option '--jsn' (Did you mean --json?)"],
    ['users list amy', 2, 'too many arguments'],
    ['users add', 2, "missing required argument 'name'"],
    ['users set amy', 2, 'nothing to change: give --type, --permissions or both'],
    ['users add amy --type root', 2, "'root' is invalid. Allowed choices are admin, normal."],
    ['users add amy --permissions api,apo', 2, '"apo" is no permission; there are none, api,'],
    ['users add amy --permissions=', 2, '"" is no permission'],
    ['serve --prt 1', 1, "unknown option '--prt' (Did you mean --port?)"],
    ['serve --port 65536', 1, 'a port is a number from 0 to 65535'],
    ['serve --port=', 1, 'a port is a number from 0 to 65535'],
    ['serve --port 0x1', 1, 'a port is a number from 0 to 65535'],
    ['serve --host=', 1, "option '--host <host>' argument '' is invalid. it is empty."],
    ['serve --store', 1, "option '--store <path>' argument missing"],
    ['serve now', 1, 'too many arguments'],
    ['--store :memory: serve now', 1, 'too many arguments'],
    ['--config=x serve now', 1, 'too many arguments'],
    ['--store serve users list now', 2, 'too many arguments'],
  ])('%s exits with %d and says why in one line', async (words, exitCode, problem) => {
    await expect(run(words.split(' '), terminal)).resolves.toBe(exitCode);
    expect(terminal.stderr.text).toMatch(/^kapacitor-auth: [^\n]+\n$/);
    expect(terminal.stderr.text).toContain(problem);
    expect(terminal.stdout.text).toBe('');
  });

  it('tells errors of Node in one line, too', async () => {
    const stdin = createReadStream(join(__dirname, 'missing'));
    const words = ['users', 'add', 'amy', '--password-stdin', '--store', ':memory:'];
    await expect(run(words, { ...terminal, stdin })).resolves.toBe(1);
    expect(terminal.stderr.text).toMatch(/^kapacitor-auth: .*ENOENT[^\n]*\n$/);
  });

  it.each([
    ['no command', []],
    ['a group of commands', ['users']],
  ])('shows its help on standard error when there is %s', async (_what, words) => {
    await expect(run(words, terminal)).resolves.toBe(2);
    expect(terminal.stderr.text).toContain('Usage: kapacitor-auth');
    expect(terminal.stdout.text).toBe('');
  });
});
