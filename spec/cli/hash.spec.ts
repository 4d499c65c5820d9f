import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from 'bcrypt';
import { CommandLine } from './command-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('hash', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => {
    line.remove();
  });

  it('hashes the first line of standard input', async () => {
    const { exitCode, stdout, stderr } = await line.run('hash --cost 4', 'se cret\nother\n');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\$2b\$04\$\S{53}\n$/);
    await expect(compare('se cret', stdout.trimEnd())).resolves.toBe(true);
  });

  it('asks a person twice, and shows nothing of it', async () => {
    const terminal = new MemoryTerminal();
    terminal.stdin.write('secret\rsecret\r');
    const { stdout, stderr } = await line.runAt(terminal, 'hash --cost 4');
    await expect(compare('secret', stdout.trimEnd())).resolves.toBe(true);
    expect(stderr).toBe('Password: \nThe same again: \n');
  });

  it('reads no line at a terminal, which would show it', async () => {
    const terminal = new MemoryTerminal();
    const outcome = await line.runAt(terminal, 'hash --cost 4 --password-stdin');
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toContain('leave out --password-stdin to be asked for it');
  });

  it('takes its cost from the configuration', async () => {
    line.config = join(line.folder, 'kapacitor.conf');
    writeFileSync(line.config, '[auth]\nbcrypt-cost = 5\n');
    expect((await line.run('hash', 'secret')).stdout).toMatch(/^\$2b\$05\$/);
  });

  it.each([
    ['hash --cost 3', 'secret', 2, 'a cost is a number from 4 to 30'],
    ['hash --cost 1e1', 'secret', 2, 'a cost is a number from 4 to 30'],
    ['hash secret', '', 2, 'too many arguments'],
    ['hash --cost 4', '', 1, 'password is required'],
    ['hash --cost 4', 'x'.repeat(73), 1, '72 bytes'],
  ])('%s exits with an error', async (words, input, exitCode, problem) => {
    const outcome = await line.run(words, input);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(problem);
    expect(outcome.stderr).not.toContain('xxx');
  });
});
