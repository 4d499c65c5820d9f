import { Command } from 'commander';
import { notes } from '../../lib/cli/notes.js';

describe('notes', () => {
  function shown(text: string, width: number | undefined): string {
    const command = new Command();
    if (width !== undefined) command.configureOutput({ getOutHelpWidth: () => width });
    return notes(text)({ command, error: false });
  }

  const long = `${'word '.repeat(12)}\n${'more '.repeat(12)}`.replaceAll(' \n', '\n').trim();

  it('wraps paragraphs to the width of the terminal', () => {
    for (const width of [40, 50, 70]) {
      const lengths = shown(long, width)
        .split('\n')
        .map((line) => line.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(width);
      expect(Math.max(...lengths)).toBeGreaterThan(width - 10);
    }
    expect(shown(long, 70).replaceAll('\n', ' ')).toBe(long.replaceAll('\n', ' '));
  });

  it('leaves lines with a command or a code as they are', () => {
    const text = `\nExamples:\n  $ ${'x '.repeat(60)}\n\nExit codes:\n  0  done\n  1  not`;
    expect(shown(text, 40)).toBe(text);
  });
});
