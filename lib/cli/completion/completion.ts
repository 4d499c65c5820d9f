import type { Command } from 'commander';
import { Argument } from 'commander';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { bashCompletion } from './bash.js';
import { commandWords } from './command-words.js';
import { zshCompletion } from './zsh.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion };

const NOTES = `
Load it where your shell starts, for programs that are installed under the name kapacitor-auth (not for npx):
  ~/.bashrc  source <(kapacitor-auth completion bash)
  ~/.zshrc   source <(kapacitor-auth completion zsh)   # after compinit`;

export function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .description('write a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', notes(NOTES))
    .action((shell: keyof typeof SHELLS) => {
      terminal.stdout.write(SHELLS[shell](program.name(), commandWords(program)));
    });
}
