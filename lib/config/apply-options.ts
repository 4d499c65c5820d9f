import type { ConfigProblem } from '../errors.js';
import type { ConfigSections } from './config.js';
import { meaning } from './raw-value.js';
import type { Given, Settings } from './raw-value.js';
import { optionId, optionRows } from './option-rows.js';
import { options } from './options.js';
import type { Option, Section, SectionOptions } from './options.js';
import { ownKeys } from './sources/own-keys.js';
import { shown } from './print-value.js';

/** The sections without the values that were refused. */
export type Draft = { readonly [S in Section]: Partial<ConfigSections[S]> };

/** Gives each option its value, the given one or the default; a value that isn't accepted is a problem. */
export function settle(settings: Settings, problems: ConfigProblem[]): Draft {
  const section = <C extends object>(name: Section, rows: SectionOptions<C>): Partial<C> =>
    settleSection(name, rows, settings, problems);
  return {
    http: section('http', options.http),
    auth: section('auth', options.auth),
    throttle: section('throttle', options.throttle),
    store: section('store', options.store),
    gateway: section('gateway', options.gateway),
    metrics: section('metrics', options.metrics),
    audit: section('audit', options.audit),
    cors: section('cors', options.cors),
  };
}

/** Whether no value was refused. */
export function isComplete(draft: Draft): draft is ConfigSections {
  return optionRows.every(({ section, name }) => Object.hasOwn(draft[section], name));
}

function settleSection<C extends object>(
  section: Section,
  rows: SectionOptions<C>,
  settings: Settings,
  problems: ConfigProblem[],
): Partial<C> {
  const settled: Partial<C> = {};
  for (const name of ownKeys(rows)) {
    const key = optionId(section, name);
    const given = settings.get(key);
    if (given === undefined) {
      settled[name] = rows[name].default;
      continue;
    }
    const value = meaning(given, rows[name]);
    if (value === undefined) problems.push({ key, ...refusal(given, rows[name]) });
    else settled[name] = value;
  }
  return settled;
}

function refusal(given: Given, { type, secret }: Option<unknown>): Omit<ConfigProblem, 'key'> {
  const { origin, problem, value } = given;
  const what = secret ? 'its value' : shown(value);
  return { origin, problem: problem ?? `${what} is not accepted; accepted: ${type.accepts}` };
}
