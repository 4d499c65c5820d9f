import type { LeftAside } from './config.js';
import { nearest } from './nearest.js';
import { optionRows, sections } from './option-rows.js';

// Kapacitor has sections and variables of its own, so an unknown name is no problem. It is worth a
// note if it looks like one of ours.

/** The edits that a slip of the hand makes. */
const SLIP = 2;

/** Sections of Kapacitor that are as near to one of ours as a slip. */
const FOREIGN_SECTIONS: readonly string[] = ['storage', 'smtp'];

/** Sections that Kapacitor does not have: all their variables are meant for this package. */
const OWN = /^KAPACITOR_(?:STORE|GATEWAY|THROTTLE|METRICS|AUDIT|CORS|PAGES)_\w+$/;

const VARIABLES: readonly string[] = [
  ...optionRows.map(({ variable }) => variable),
  ...['KAPACITOR_CONFIG_PATH', 'KAPACITOR_ADMIN_PASSWORD'],
];

/** Returns the note on a section of a file that is probably a misspelt one of ours. */
export function misspeltSection(name: string, origin: string): readonly LeftAside[] {
  if (FOREIGN_SECTIONS.includes(name)) return [];
  const meant = nearest(name, sections, SLIP);
  return meant === undefined ? [] : [note(`[${name}]`, origin, `is [${meant}] meant?`)];
}

/** Returns notes on variables that this package does not know and is probably meant to. */
export function misspeltVariables(names: Iterable<string>): readonly LeftAside[] {
  return Array.from(names).flatMap((name) => {
    if (!/^KAPACITOR_\w+$/.test(name) || VARIABLES.includes(name)) return [];
    const meant = nearest(name, VARIABLES, SLIP);
    if (meant !== undefined) return [note(name, 'environment', `is ${meant} meant?`)];
    return OWN.test(name) ? [note(name, 'environment', 'docs/configuration.md lists all')] : [];
  });
}

function note(key: string, origin: string, advice: string): LeftAside {
  return Object.freeze({ key, origin, reason: `is unknown and does not count; ${advice}` });
}
