import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A command and all that it writes, as documentation shows them. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** Reads a `console` block: commands after `$ `, what they write below. */
export function parseConsole(block: string): readonly Exchange[] {
  return block
    .split(/^\$ /m)
    .filter((exchange) => exchange !== '')
    .map((exchange) => {
      const [command = '', ...output] = exchange.split('\n');
      return { command, output: output.join('\n').trimEnd() };
    });
}

/** Runs commands one after another in one shell, so that they share its variables. */
export async function runConsole(
  commands: readonly string[],
  surroundings: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<readonly Exchange[]> {
  const end = '--- end of a command ---';
  const script = commands.map((command) => `{ ${command}\n} 2>&1\necho '${end}'\n`).join('');
  const shell = spawn('/bin/sh', ['-c', script], {
    ...surroundings,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const outputs = (await text(shell.stdout)).replaceAll('\r', '').split(`${end}\n`);
  return commands.map((command, index) => ({ command, output: (outputs[index] ?? '').trimEnd() }));
}
