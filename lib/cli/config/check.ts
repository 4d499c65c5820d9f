import type { Command } from 'commander';
import type { Config, ConfigProblem, DescribedOption } from '../../index.js';
import { ConfigError, loadConfig } from '../../index.js';
import { asServed } from '../../server/said-here.js';
import { startProblems } from '../../server/start-problems.js';
import { ExitStatus } from '../exit-status.js';
import { asTyped, describeTyped, messageOf, originAsTyped, warningAsTyped } from '../message-of.js';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import { printable } from '../printable.js';
import { seeAlso, seeAlsoOf } from '../see-also.js';
import type { ConfigurationOptions } from '../serve-options.js';
import { addConfigurationOptions, serverOptions } from '../serve-options.js';
import { styled } from '../styled.js';
import type { Terminal } from '../terminal.js';
import { optionTable } from './option-table.js';

interface CheckOptions extends ConfigurationOptions {
  readonly json?: true;
  readonly app?: true;
}

/** A valid configuration. */
interface Checked {
  readonly config: Config;
  readonly warnings: readonly string[];
  /** The problems for which `serve` would not start; empty if an app is to use it. */
  readonly refused: readonly ConfigProblem[];
}

/** The answer for scripts: of a configuration that can't be read, only the problems. */
interface CheckOutcome extends Partial<Pick<Config, 'leftAside'>> {
  readonly valid: boolean;
  readonly configFile?: string | null;
  readonly options?: readonly DescribedOption[];
  readonly warnings: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

export function addCheckCommand(parent: Command, terminal: Terminal): void {
  const command = parent
    .command('check')
    .description(
      'tell whether the configuration lets serve start, where its values come from and what is doubtful, or every problem that it has',
    )
    .option(
      '--json',
      'as a JSON object with valid, configFile, options, leftAside, warnings and problems',
    )
    .option('--app', 'check it for an app of your own: what only serve refuses is a warning');
  addConfigurationOptions(command).action(() => {
    const options = command.optsWithGlobals<CheckOptions>();
    if (options.json === true) checkForScripts(options, terminal);
    else checkForPeople(options, terminal);
  });
}

function checkForPeople(options: CheckOptions, { stdout, stderr }: Terminal): void {
  const { config, warnings, refused } = load(options);
  if (refused.length > 0) {
    const problems = printable(messageOf(new ConfigError(refused)));
    stderr.write(`kapacitor-auth: serve would not start. ${problems}\n${FOR_AN_APP}`);
    stderr.write(seeAlso('ERR_KAUTH_CONFIG'));
    throw new ExitStatus(1);
  }
  const set = describeTyped(config).filter(({ origin }) => origin !== 'default');
  const verdict = styled(stdout, 'green', 'the configuration is valid');
  stdout.write(`${verdict} (${config.configFile ?? 'no file, only environment and defaults'})\n`);
  if (set.length > 0) {
    stdout.write('\n');
    printTable(stdout, optionTable(set));
    stdout.write('\nAll other options have their defaults: see "config show".\n');
  }
  for (const { key, origin, reason } of config.leftAside) {
    // A warning tells of these.
    if (origin === 'environment') continue;
    stdout.write(`\n${styled(stdout, 'yellow', 'left aside:')} ${key} (${origin}) ${reason}\n`);
  }
  for (const warning of warnings) {
    stdout.write(`\n${styled(stdout, 'yellow', 'warning:')} ${warning}\n${seeAlsoOf(warning)}`);
  }
}

const FOR_AN_APP = '  an app of your own may use it all the same: add --app to check it for that\n';

function checkForScripts(options: CheckOptions, { stdout }: Terminal): void {
  const outcome = outcomeOf(options);
  printJson(stdout, outcome);
  if (!outcome.valid) throw new ExitStatus(1);
}

function outcomeOf(given: CheckOptions): CheckOutcome {
  try {
    const { config, warnings, refused } = load(given);
    const { configFile = null, leftAside } = config;
    const options = describeTyped(config);
    const valid = refused.length === 0;
    return {
      valid,
      configFile,
      options,
      leftAside,
      warnings,
      problems: refused.map(originAsTyped),
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { valid: false, warnings: [], problems: error.problems.map(originAsTyped) };
  }
}

/** @throws ConfigError if neither an app nor a server could use the configuration */
function load(options: CheckOptions): Checked {
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const warn = (message: string): void => void warnings.push(warningAsTyped(message));
  const logger = { info: ignore, warn, error: ignore };
  const isForApp = options.app === true;
  try {
    const config = loadConfig({ ...serverOptions(options), logger });
    const refused = startProblems(config, options.workers);
    if (!isForApp) return { config, warnings, refused };
    return { config, warnings: [...warnings, ...refused.map(doubtOf)], refused: [] };
  } catch (error) {
    throw isForApp ? error : asServed(error);
  }
}

function doubtOf(found: ConfigProblem): string {
  const { key, origin, problem } = asTyped(found);
  return `serve would not start: ${key} (${origin}) ${problem}`;
}
