import type { Command } from 'commander';
import { addCompletionCommand } from './completion/completion.js';
import { addConfigCommands } from './config/config.js';
import { addExplainCommand } from './explain.js';
import { addHashCommand } from './hash.js';
import { addHealthCommand } from './health.js';
import { addStoreCommands } from './store/store.js';
import { addSubscriptionsCommands } from './subscriptions/subscriptions.js';
import type { Terminal } from './terminal.js';
import { addTokenCommand } from './token.js';
import { addUsersCommands } from './users/users.js';

/** Adds every command but `serve`. */
export function addOtherCommands(program: Command, terminal: Terminal): void {
  addUsersCommands(program, terminal);
  addSubscriptionsCommands(program, terminal);
  addStoreCommands(program, terminal);
  addConfigCommands(program, terminal);
  addExplainCommand(program, terminal);
  addTokenCommand(program, terminal);
  addHashCommand(program, terminal);
  addHealthCommand(program, terminal);
  addCompletionCommand(program, terminal);
}
