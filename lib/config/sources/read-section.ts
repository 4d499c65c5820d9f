import type { ConfigProblem } from '../../errors.js';
import type { OptionRow } from '../option-rows.js';
import { optionRows } from '../option-rows.js';
import type { Section } from '../options.js';
import { isPlainObject } from '../plain-object.js';
import type { RawValue, Settings } from '../raw-value.js';
import { unknownKey } from '../unknown-key.js';

/** The form of sections in a source. */
export interface SectionSyntax {
  /** The names an option may go by. */
  readonly spellings: (row: OptionRow) => readonly string[];
  /** Returns the place of `section` or `section.key`, such as `file:line`. */
  readonly originOf: (id: string) => string;
  /** Values are text that stands for values. */
  readonly isText: boolean;
}

/** Keys that Kapacitor has in the same sections and that are ignored here. */
const FOREIGN_KEYS: Partial<Record<Section, readonly string[]>> = {
  http: [
    'bind-address',
    'log-enabled',
    'write-tracing',
    'pprof-enabled',
    'https-enabled',
    'https-certificate',
    'https-private-key',
    'shutdown-timeout',
  ],
};

/**
 * Collects the settings of a section. Unknown keys are problems, and so is content that is no
 * section.
 */
export function readSection(
  section: Section,
  content: unknown,
  { spellings, originOf, isText }: SectionSyntax,
  problems: ConfigProblem[],
): Settings {
  const settings = new Map<string, RawValue>();
  const refuse = (key: string, problem: string): void => {
    problems.push({ key, origin: originOf(key), problem });
  };
  if (!isPlainObject(content)) {
    refuse(section, 'is no section; accepted: keys with values');
    return settings;
  }
  const rows = optionRows.filter((row) => row.section === section);
  const ours = new Map(rows.flatMap((row) => spellings(row).map((spelling) => [spelling, row])));
  const foreign = FOREIGN_KEYS[section] ?? [];
  for (const [key, value] of Object.entries(content)) {
    if (value === undefined || foreign.includes(key)) continue;
    const id = ours.get(key)?.id;
    if (id === undefined) {
      refuse(
        `${section}.${key}`,
        unknownKey(`${section}.${key}`, key, [...ours.keys(), ...foreign]),
      );
    } else {
      settings.set(id, joined(settings.get(id), { value, origin: originOf(id), isText }));
    }
  }
  return settings;
}

/** Refuses an option that is given in two spellings with different values. */
function joined(before: RawValue | undefined, given: RawValue): RawValue {
  return before === undefined || Object.is(before.value, given.value)
    ? given
    : { ...given, problem: 'is given in two spellings with different values; accepted: one' };
}
