import type { Command } from 'commander';
import { loadConfig, postgresSchemaSql } from '../../index.js';
import { notes } from '../notes.js';
import type { SourceOptions } from '../source-options.js';
import { managementOptions } from '../source-options.js';
import { stderrLogger } from '../stderr-logger.js';
import type { Terminal } from '../terminal.js';

interface SqlOptions extends SourceOptions {
  readonly schema?: string;
  readonly role?: string;
}

const NOTES = `
The owner of the database runs it, so that kapacitor-auth can log in as a role that may use the tables and no more. It may be
run again, and must be after an update that changes the tables. It connects to nothing.

Examples:
  $ kapacitor-auth store sql --role kapacitor_auth | psql --dbname=users
  $ kapacitor-auth store sql --schema auth

Exit codes:
  0  done
  1  refused or failed
  2  the command line could not be understood`;

export function addSqlCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('sql')
    .description(
      'print the SQL that makes the tables in PostgreSQL, and grants a role what it needs',
    )
    .option('--schema <name>', 'of the tables; else store.schema of the configuration')
    .option('--role <name>', 'that kapacitor-auth logs in as; nothing is granted without it')
    .addHelpText('after', notes(NOTES))
    .action((_options: unknown, command: Command) => {
      const { schema, role, ...source } = command.optsWithGlobals<SqlOptions>();
      const used = schema ?? configuredSchema(source, terminal);
      terminal.stdout.write(postgresSchemaSql({ schema: used, role }));
    });
}

function configuredSchema(source: SourceOptions, terminal: Terminal): string {
  return loadConfig({ ...managementOptions(source), logger: stderrLogger(terminal) }).store.schema;
}
