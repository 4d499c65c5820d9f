import { createProgram } from '../../lib/cli/program.js';
import { run } from '../../lib/cli/run.js';
import { MemoryTerminal } from './memory-terminal.js';

/** Returns what the whole program prints for a command line that runs no command. */
async function whole(words: readonly string[]): Promise<string> {
  const terminal = new MemoryTerminal();
  await expect(createProgram(terminal).parseAsync(words, { from: 'user' })).rejects.toThrow();
  return terminal.stdout.text + terminal.stderr.text;
}

const OPTIONS = ['', '--store x.db', '--store=x.db', '--config x.conf', '--config=x.conf'];

const COMMANDS = [
  '',
  'serve',
  'users',
  'users list',
  'help',
  'help serve',
  'bogus',
  'serv',
  'user',
];

const HELP = ['--help', '-h', 'help'];

const words = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');

const LINES = [
  ...OPTIONS.flatMap((options) =>
    COMMANDS.flatMap((command) =>
      HELP.flatMap((help) => [
        words(options, command, help),
        words(options, help, command),
        words(help, options, command),
        words(command, options, help),
        words(command, help, options),
      ]),
    ),
  ),
  ...[
    '',
    'bogus',
    'serv',
    'servee',
    'user',
    '--store x serv',
    '--sore',
    '--sore serve',
    '-s serve',
  ],
  ...['serve bogus', 'serve --prt 1', 'serve --port', 'serve --port --help', 'serve --port x'],
  ...['serve -- --help', '-- serve --help', '-- --help serve', '--store serve'],
  ...['--help --store serve', '-h -- serve', 'serve serve', 'serve users'],
  ...['help bogus', 'help serv', 'help serve users', 'help help', 'help users serve', '--version'],
  ...['--version serve', 'serve --version', '-V serve', 'serve -V', '--store serve users bogus'],
  ...['-hserve', '-hx serve', '-xh serve', '--store --store serve --help'],
  ...['--store -h serve --help', '--config --help serve -h'],
  ...['-h=serve', '--help=serve', '-x -h serve', '--store= serve --help'],
];

describe('the command line prints what the whole program does', () => {
  it.each([...new Set(LINES)])('%j', async (line) => {
    const given = line.split(' ').filter((word) => word !== '');
    const expected = await whole(given);
    const terminal = new MemoryTerminal();
    await run(given, terminal);
    expect(terminal.stdout.text + terminal.stderr.text).toBe(expected);
  });
});
