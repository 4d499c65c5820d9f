import type { ConfigProblem } from '../errors.js';
import { ConfigError } from '../errors.js';
import { applyOptions, isComplete } from './apply-options.js';
import { checkCombinations, checkFoundFile } from './check-combinations.js';
import { checkCounter } from './check-counter.js';
import type { Config, LeftAside } from './config.js';
import { warnOfDoubts, warnOfVariables } from './config-warnings.js';
import { dependentSettings } from './dependent-settings.js';
import type { KapacitorAuthOptions } from './kapacitor-auth-options.js';
import { leaveIdleAside } from './leave-idle-aside.js';
import { optionRows, sections } from './option-rows.js';
import type { ConfigSections, Section } from './options.js';
import { redact } from './redact.js';
import { readCode } from './sources/code-source.js';
import { readEnvironment, variablesIn } from './sources/environment-source.js';
import { readConfigFile } from './sources/file-source.js';
import { findConfigFile } from './sources/find-config-file.js';
import { warnOfWritableFiles } from './sources/writable-files.js';
import { idleStoreSettings } from './store-settings.js';
import { misspeltVariables } from './unknown-names.js';

/**
 * Loads the configuration without starting anything: each value from code, else from the
 * environment, else from the configuration file, else the default.
 *
 * @param options - the options in code
 * @param environment - the variables: `process.env` if left out
 * @throws ConfigError with every problem at once
 */
export function loadConfig(
  options: KapacitorAuthOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const problems: ConfigProblem[] = [];
  const variables = variablesIn(environment);
  const code = readCode(options, problems);
  const file = findConfigFile(code.configFile, variables, problems);
  const misspelt = misspeltVariables(variables.keys());
  const notes = [...misspelt];
  const { counting, leftAside } = leaveIdleAside(
    file === undefined ? new Map() : readConfigFile(file, problems, notes),
    file?.isNamed === true,
  );
  const settings = dependentSettings(
    new Map([...counting, ...readEnvironment(variables), ...code.settings]),
    code.userSource,
  );
  const originOf = (id: string): string => settings.get(id)?.origin ?? 'default';
  const draft = applyOptions(settings, problems);
  const authEnabled = counting.get('http.auth-enabled');
  if (file?.isNamed === false && authEnabled === settings.get('http.auth-enabled')) {
    checkFoundFile(draft, originOf, problems);
  }
  checkCombinations(draft, originOf, problems);
  checkCounter(draft, code, originOf, problems);
  if (problems.length > 0 || !isComplete(draft)) throw new ConfigError(inOrder(problems));
  const config = assemble(draft, {
    realm: code.realm,
    logger: code.logger,
    userSource: code.userSource,
    throttleStore: code.throttleStore,
    wrapStore: code.wrapStore,
    configFile: file?.path,
    leftAside: Object.freeze([...leftAside, ...idleStoreSettings(settings, draft), ...notes]),
    origins: Object.freeze(Object.fromEntries(optionRows.map(({ id }) => [id, originOf(id)]))),
  });
  warnOfDoubts(config, originOf);
  warnOfVariables(misspelt, config);
  warnOfWritableFiles(config);
  tellLeftAside(config, misspelt);
  return config;
}

/** If authentication is on, logs which values don't count, but for those that were warned of. */
function tellLeftAside({ http, leftAside, logger }: Config, warned: readonly LeftAside[]): void {
  if (!http.authEnabled) return;
  for (const note of leftAside) {
    const { key, origin, reason } = note;
    if (!warned.includes(note)) logger.info(`${key} (${origin}) ${reason}`);
  }
}

/** Puts the configuration together, frozen, with its secrets hidden. */
function assemble(values: ConfigSections, rest: Omit<Config, keyof ConfigSections>): Config {
  for (const section of sections) redact(values[section], secretsOf(section));
  // Objects of the app may hold secrets, too.
  return redact({ ...values, ...rest }, ['logger', 'userSource', 'throttleStore', 'wrapStore']);
}

function secretsOf(section: Section): readonly string[] {
  return optionRows
    .filter((row) => row.section === section && row.option.secret)
    .map(({ name }) => name);
}

/** Problems in the order of the table of options, those of no option first. */
function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const place = ({ key }: ConfigProblem): number => optionRows.findIndex(({ id }) => id === key);
  return problems.toSorted((one, other) => place(one) - place(other));
}
