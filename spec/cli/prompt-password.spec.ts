import { promptPassword } from '../../lib/cli/prompt-password.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('promptPassword', () => {
  it('asks twice and shows nothing of the answers', async () => {
    const terminal = new MemoryTerminal();
    const password = promptPassword(terminal, 'amy');
    terminal.stdin.write('pässword: 1\n');
    terminal.stdin.write('pässword: 1\n');
    await expect(password).resolves.toBe('pässword: 1');
    expect(terminal.stderr.text).toBe('New password of amy: \nThe same again: \n');
    expect(terminal.stdout.text).toBe('');
  });

  it('understands corrections', async () => {
    const terminal = new MemoryTerminal();
    const password = promptPassword(terminal, 'amy');
    terminal.stdin.write('wrong\u0015right\u007ft\r');
    terminal.stdin.write('right\r');
    await expect(password).resolves.toBe('right');
  });

  it('does not offer the first answer as history for the second', async () => {
    const terminal = new MemoryTerminal();
    const password = promptPassword(terminal, 'amy');
    terminal.stdin.write('secret\r');
    terminal.stdin.write('\u001b[A\r');
    await expect(password).rejects.toThrow('the two passwords differ');
  });

  it.each([
    ['two different answers', 'one\rtwo\r', 'the two passwords differ'],
    ['Ctrl-C', 'one\u0003', 'no password was given'],
    ['Ctrl-D', '\u0004', 'no password was given'],
    ['Ctrl-C at the second question', 'one\ron\u0003', 'no password was given'],
  ])('gives up after %s', async (_what, typed, problem) => {
    const terminal = new MemoryTerminal();
    const password = promptPassword(terminal, 'amy');
    terminal.stdin.write(typed);
    await expect(password).rejects.toThrow(problem);
    expect(terminal.stderr.text).not.toContain('one');
  });
});
