import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../lib/cli/program.js';
import { run } from '../../lib/cli/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { MemoryTerminal } from './memory-terminal.js';

const folder = temporaryFolder();
const home = join(folder, 'home');
mkdirSync(join(home, 'users dir'), { recursive: true });
writeFileSync(join(home, 'users.json'), '');
writeFileSync(join(home, 'with space.conf'), '');

async function script(shell: string): Promise<string> {
  const terminal = new MemoryTerminal();
  await expect(run(['completion', shell], terminal)).resolves.toBe(0);
  expect(terminal.stderr.text).toBe('');
  const file = join(folder, `completion.${shell}`);
  writeFileSync(file, terminal.stdout.text);
  return file;
}

/** Returns what a shell prints that runs a text, given words. */
function inShell(shell: readonly string[], text: string, words: readonly string[]): string {
  const [command = '', ...options] = shell;
  const { stdout, stderr, status } = spawnSync(command, [...options, '-c', text, ...words], {
    cwd: home,
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

/** A command with the words that lead to it, and all below it. */
function tree(
  command: Command,
  path: readonly string[],
): (readonly [Command, readonly string[]])[] {
  const below = command.commands.flatMap((one) => tree(one, [...path, one.name()]));
  return [[command, path], ...below];
}

const commands = tree(createProgram(new MemoryTerminal()), ['kapacitor-auth']);

describe('completion bash', () => {
  let file: string;

  beforeAll(async () => {
    file = await script('bash');
  });

  /** Returns what bash offers for the last word. */
  function offered(...words: readonly string[]): readonly string[] {
    const text = `source '${file}'; COMP_WORDS=("$0" "$@"); COMP_CWORD=$#; _kapacitor_auth; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const lines = inShell(['bash', '--norc', '--noprofile'], text, words).split('\n');
    return lines.filter((line) => line !== '');
  }

  it('is registered for the program', () => {
    const text = `source '${file}'; complete -p kapacitor-auth`;
    expect(inShell(['bash', '--norc'], text, [])).toBe(
      'complete -F _kapacitor_auth kapacitor-auth\n',
    );
  });

  it.each<[string, readonly string[]]>([
    ['us', ['users']],
    [
      'users ',
      [
        ...['list', 'show', 'add', 'set', 'grant', 'revoke', 'passwd', 'rm'],
        ...['import', 'export', 'help', 'disable', 'enable', 'end-sessions', 'rename'],
      ],
    ],
    ['users add --gr', ['--grant']],
    ['users pa', ['passwd']],
    ['--store x.db users pa', ['passwd']],
    ['--store = x.db users pa', ['passwd']],
    ['users --config k.conf list --js', ['--json']],
    ['users add amy --ty', ['--type']],
    ['users add --type ', ['admin', 'normal']],
    ['users add --type = ad', ['admin']],
    ['users add --type =', ['admin', 'normal']],
    ['users add --type admin ', []],
    ['users add ', []],
    ['serve --port ', []],
    ['completion ', ['bash', 'zsh']],
    ['completion bash ', []],
    ['users import us', ['users dir', 'users.json']],
    ['users export wi', ['with space.conf']],
    ['--config w', ['with space.conf']],
    ['nonsense ', []],
  ])('%s', (line, words) => {
    expect([...offered('kapacitor-auth', ...line.split(' '))].sort()).toEqual([...words].sort());
  });

  it('offers every command and every option that there is', () => {
    for (const [command, path] of commands) {
      const below = command.commands.map((one) => one.name());
      if (below.length > 0) expect(offered(...path, '')).toEqual(expect.arrayContaining(below));
      const options = command.options.map(({ long }) => long);
      expect(offered(...path, '-')).toEqual(
        expect.arrayContaining([...options, '--help', '--store', '--config']),
      );
    }
    expect(commands.length).toBeGreaterThan(15);
  });
});

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

describe('completion zsh', () => {
  let file: string;

  beforeAll(async () => {
    file = await script('zsh');
    if (!hasZsh) process.stderr.write('zsh is not installed: its completion was not run\n');
  });

  it('names every command and every option, with what it means', async () => {
    const terminal = new MemoryTerminal();
    await run(['completion', 'zsh'], terminal);
    for (const [command] of commands) {
      for (const one of command.commands) {
        expect(terminal.stdout.text).toContain(`'${one.name()}:${one.description()}'`);
      }
      for (const { long } of command.options)
        expect(terminal.stdout.text).toContain(`'${long ?? ''}:`);
    }
  });

  /** Returns what zsh is told to offer for the last word. */
  function offered(...words: readonly string[]): readonly string[] {
    const text = `
      compdef() {}
      compset() {}
      compadd() { shift; print -l -- "$@" }
      _files() { print -r -- FILES }
      _describe() { [[ $1 == -o ]] && shift; print -l -- "\${(@)\${(P)2}%%:*}" }
      source '${file}'
      words=("$0" "$@"); CURRENT=\${#words}
      _kapacitor_auth`;
    return inShell(['zsh', '-f'], text, words)
      .split('\n')
      .filter((word) => word !== '');
  }

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['config ', ['check', 'show', 'help']],
    ['--store x.db config ', ['check', 'show', 'help']],
    ['--store=x.db config ', ['check', 'show', 'help']],
    ['users add --type ', ['admin', 'normal']],
    ['users add --type=ad', ['admin', 'normal']],
    ['users add --type admin ', []],
    ['users add amy ', []],
    ['completion ', ['bash', 'zsh']],
    ['users import ', ['FILES']],
    ['--config ', ['FILES']],
    ['serve --port ', []],
    ['completion -', ['-h', '--help', '-V', '--version', '--config', '--store']],
  ];
  for (const [line, words] of hasZsh ? cases : []) {
    it(line, () => {
      expect(offered('kapacitor-auth', ...line.split(' '))).toEqual(words);
    });
  }
});
