import type { Command } from 'commander';
import type { Config } from '../../index.js';
import { ConfigError, describeConfig, loadConfig } from '../../index.js';
import { reportsUnguarded, switchedOffElsewhere } from '../../server/said-here.js';
import { ExitStatus } from '../exit-status.js';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import { seeAlsoOf } from '../see-also.js';
import type { SourceOptions } from '../source-options.js';
import { authOptions } from '../source-options.js';
import { styled } from '../styled.js';
import type { Terminal } from '../terminal.js';
import { optionTable } from './option-table.js';

interface CheckOptions extends SourceOptions {
  readonly json?: true;
}

export function addCheckCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('check')
    .description(
      'tell whether the configuration is valid, where its values come from and what is doubtful, or every problem that it has',
    )
    .option(
      '--json',
      'as a JSON object with valid, configFile, options, leftAside, warnings and problems',
    )
    .action((_options: unknown, command: Command) => {
      const { json, ...source } = command.optsWithGlobals<CheckOptions>();
      if (json === true) checkForScripts(source, terminal);
      else checkForPeople(source, terminal);
    });
}

function checkForPeople(source: SourceOptions, { stdout }: Terminal): void {
  const { config, warnings } = load(source);
  const set = describeConfig(config).filter(({ origin }) => origin !== 'default');
  const verdict = styled(stdout, 'green', 'the configuration is valid');
  stdout.write(`${verdict} (${config.configFile ?? 'no file, only environment and defaults'})\n`);
  if (set.length > 0) {
    stdout.write('\n');
    printTable(stdout, optionTable(set));
    stdout.write('\nAll other options have their defaults: see "config show".\n');
  }
  for (const { key, origin, reason } of config.leftAside) {
    stdout.write(`\n${styled(stdout, 'yellow', 'left aside:')} ${key} (${origin}) ${reason}\n`);
  }
  for (const warning of warnings) {
    stdout.write(`\n${styled(stdout, 'yellow', 'warning:')} ${warning}\n${seeAlsoOf(warning)}`);
  }
}

function checkForScripts(source: SourceOptions, { stdout }: Terminal): void {
  try {
    const { config, warnings } = load(source);
    const { configFile = null, leftAside } = config;
    const options = describeConfig(config);
    printJson(stdout, { valid: true, configFile, options, leftAside, warnings, problems: [] });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    printJson(stdout, { valid: false, warnings: [], problems: error.problems });
    throw new ExitStatus(1);
  }
}

/** Returns what keeps `serve` from starting as warnings: an app could use the configuration. */
function doubtsOfServe(config: Config): readonly string[] {
  const refusal = switchedOffElsewhere(config) ?? reportsUnguarded(config);
  return refusal === undefined
    ? []
    : refusal.problems.map(
        ({ key, origin, problem }) => `serve does not start: ${key} (${origin}) ${problem}`,
      );
}

function load(source: SourceOptions): { config: Config; warnings: readonly string[] } {
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const warn = (message: string): void => void warnings.push(message);
  const logger = { info: ignore, warn, error: ignore };
  const config = loadConfig({ ...authOptions(source), logger });
  return { config, warnings: [...warnings, ...doubtsOfServe(config)] };
}
