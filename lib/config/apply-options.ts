import type { ConfigProblem } from '../errors.js';
import type { Option, SectionRows } from './option.js';
import { optionId, optionRows, sections } from './option-rows.js';
import type { ConfigSections, Section } from './options.js';
import { options } from './options.js';
import { ownKeys } from './own-keys.js';
import { printValue } from './print-value.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';

/** The sections without the values that were refused. */
export type Draft = { readonly [S in Section]?: Partial<ConfigSections[S]> };

/** Gives each option its value, from its source or the default. A refused value is a problem. */
export function applyOptions(settings: Settings, problems: ConfigProblem[]): Draft {
  const draft: MutableDraft<Section> = {};
  for (const section of sections) settleInto(draft, section, settings, problems);
  return draft;
}

/** True if no value was refused. */
export function isComplete(draft: Draft): draft is ConfigSections {
  return optionRows.every(({ section, name }) => Object.hasOwn(draft[section] ?? {}, name));
}

type MutableDraft<S extends Section> = { [K in S]?: Partial<ConfigSections[K]> };

function settleInto<S extends Section>(
  draft: MutableDraft<S>,
  section: S,
  settings: Settings,
  problems: ConfigProblem[],
): void {
  draft[section] = settleSection(section, options[section], settings, problems);
}

function settleSection<C extends object>(
  section: Section,
  rows: SectionRows<C>,
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
    const value = readRawValue(given, rows[name]);
    if (value === undefined) problems.push({ key, ...refusal(given, rows[name]) });
    else settled[name] = value;
  }
  return settled;
}

function refusal(given: RawValue, { type, secret }: Option<unknown>): Omit<ConfigProblem, 'key'> {
  const { origin, problem, value } = given;
  const what = secret ? 'its value' : printValue(value);
  return { origin, problem: problem ?? `${what} is not accepted; accepted: ${type.accepts}` };
}
