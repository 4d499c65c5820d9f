import type { ConfigProblem } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { silentLogger } from '../../logger.js';
import type { ThrottleStore } from '../../stores/failure-counter.js';
import type { UserSource, WrapStore } from '../../stores/user-store.js';
import type { KapacitorAuthOptions } from '../kapacitor-auth-options.js';
import { sections } from '../option-rows.js';
import { options as sectionOptions } from '../options.js';
import { isPlainObject } from '../plain-object.js';
import type { Settings } from '../raw-value.js';
import { unknownKey } from '../unknown-key.js';
import {
  isBoolean,
  isChallenge,
  isFunction,
  isLogger,
  isPathOrFalse,
  isRealm,
  isStoreSettings,
  isThrottleStore,
  isUserProperty,
  isUserSource,
  isWrapStore,
} from './code-values.js';
import type { SectionSyntax } from './read-section.js';
import { readSection } from './read-section.js';

/** The settings of code, and the options that code alone can give. */
export interface CodeSource {
  readonly settings: Settings;
  readonly configFile: string | false | undefined;
  readonly realm: string;
  readonly logger: Logger;
  readonly userSource: UserSource | undefined;
  readonly throttleStore: ThrottleStore | undefined;
  readonly wrapStore: WrapStore | undefined;
}

type OptionName = keyof KapacitorAuthOptions;

const { http, auth, throttle, ...otherSections } = sectionOptions;

/**
 * The names of all options in code, in the order of messages; the compiler keeps the list complete.
 */
const NAMES: readonly string[] = Object.keys({
  configFile: true,
  ...{ http, auth, throttle, throttleStore: true, ...otherSections },
  wrapStore: true,
  realm: true,
  logger: true,
  challenge: true,
  optional: true,
  property: true,
  onError: true,
} satisfies Record<OptionName, unknown>);

const SYNTAX: SectionSyntax = {
  spellings: ({ name, key }) => [name, key],
  originOf: () => 'code',
  isText: false,
};

/**
 * Collects the options of code. Plain JavaScript calls too, so each value is checked whatever its
 * type says.
 */
export function readCode(options: unknown, problems: ConfigProblem[]): CodeSource {
  const given = namedOptions(options, problems);
  const take = <T>(
    name: OptionName,
    accepts: string,
    isAccepted: (value: unknown) => value is T,
  ): T | undefined => {
    const value = given.get(name);
    if (value === undefined || isAccepted(value)) return value;
    problems.push({ key: name, origin: 'code', problem: `is not accepted; accepted: ${accepts}` });
    return undefined;
  };
  take('onError', 'a function (error, request, response, next)', isFunction);
  take('challenge', 'true, false or a function (request)', isChallenge);
  take('optional', 'true or false', isBoolean);
  take('property', '"user" or "kapacitorUser"', isUserProperty);
  const store = given.get('store');
  const userSource = isStoreSettings(store)
    ? undefined
    : take('store', '{ type, path, url }, or an object with a function find(name)', isUserSource);
  const settings = sections
    .filter((section) => section !== 'store' || isStoreSettings(store))
    .filter((section) => given.has(section))
    .flatMap((section) => [...readSection(section, given.get(section), SYNTAX, problems)]);
  return {
    settings: new Map(settings),
    userSource,
    throttleStore: take(
      'throttleStore',
      'a function ({ keyPrefix, points, duration }) that makes a limiter',
      isThrottleStore,
    ),
    wrapStore: take('wrapStore', 'a function (source) that returns a source', isWrapStore),
    configFile: take(
      'configFile',
      'the path of a .conf, .toml or .ini file, or false for none',
      isPathOrFalse,
    ),
    realm: take('realm', 'printable ASCII characters', isRealm) ?? 'kapacitor',
    logger:
      take('logger', 'an object with functions info, warn and error', isLogger) ?? silentLogger,
  };
}

/** The options that have a value, by name. */
function namedOptions(options: unknown, problems: ConfigProblem[]): ReadonlyMap<string, unknown> {
  const refuse = (key: string, problem: string): void => {
    problems.push({ key, origin: 'code', problem });
  };
  if (!isPlainObject(options)) {
    refuse('options', `are no plain object; accepted: { ${NAMES.join(', ')} }`);
    return new Map();
  }
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of entries) {
    if (!NAMES.includes(name)) refuse(name, unknownKey(name, name, NAMES));
  }
  return new Map(entries);
}
