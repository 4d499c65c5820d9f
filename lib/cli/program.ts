import { Command } from 'commander';
import { VERSION } from '../server/version.js';
import { addCompletionCommand } from './completion/completion.js';
import { addConfigCommands } from './config/config.js';
import { addExplainCommand } from './explain.js';
import { addHashCommand } from './hash.js';
import { addHealthCommand } from './health.js';
import { notes } from './notes.js';
import { addServeCommand } from './serve.js';
import { addSourceOptions } from './source-options.js';
import { addStoreCommands } from './store/store.js';
import { addSubscriptionsCommands } from './subscriptions/subscriptions.js';
import type { Terminal } from './terminal.js';
import { addTokenCommand } from './token.js';
import { addUsersCommands } from './users/users.js';

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

/** Builds the command line. Instead of exiting, it throws a CommanderError. */
export function createProgram(terminal: Terminal): Command {
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
  addUsersCommands(program, terminal);
  addSubscriptionsCommands(program, terminal);
  addStoreCommands(program, terminal);
  addConfigCommands(program, terminal);
  addExplainCommand(program, terminal);
  addTokenCommand(program, terminal);
  addHashCommand(program, terminal);
  addHealthCommand(program, terminal);
  addCompletionCommand(program, terminal);
  return program;
}
