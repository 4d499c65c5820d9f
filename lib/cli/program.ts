import { Command } from 'commander';
import { loading } from '../server/loading.js';
import { VERSION } from '../server/version.js';
import { notes } from './notes.js';
import type * as OtherCommands from './other-commands.js';
import { addServeCommand } from './serve.js';
import { addSourceOptions } from './source-options.js';
import type { Terminal } from './terminal.js';

/** Seventy files, of which a server needs none. */
declare function require(id: './other-commands.js'): typeof OtherCommands;

const NOTES = `
Examples:
  $ kapacitor-auth serve
  $ kapacitor-auth users add amy --permissions api
  $ kapacitor-auth users list --json
  $ kapacitor-auth explain amy GET /kapacitor/v1/tasks

Exit codes:
  0  done
  1  refused or failed
  2  the command line could not be understood (serve: 1)
  3  explain: the request is refused; users import: not all users were imported`;

/** Builds the whole command line. Instead of exiting, it throws a CommanderError. */
export function createProgram(terminal: Terminal): Command {
  const program = createServeProgram(terminal);
  const { addOtherCommands } = loading(() => require('./other-commands.js'));
  addOtherCommands(program, terminal);
  return program;
}

/** Builds a command line that has no command but `serve`, which starts the sooner for it. */
export function createServeProgram(terminal: Terminal): Command {
  const program = new Command('kapacitor-auth')
    .description(
      "Kapacitor's users and permissions: a server for them, and commands to manage them.",
    )
    .version(VERSION)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => {
        write(
          `${text
            .trim()
            .replace(/^error: /, 'kapacitor-auth: ')
            .replaceAll('\n', ' ')}\n`,
        );
      },
    })
    .addHelpText('after', notes(NOTES));
  addSourceOptions(program);
  addServeCommand(program, terminal);
  return program;
}
