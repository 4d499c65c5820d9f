import { printableName } from '../printable.js';

/** Limit of names shown; further ones are only counted. */
const NAMES_SHOWN = 20;

/** Lists names of users for people; many names are cut short. */
export function listNames(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).map(printableName).join(', ');
  return rest > 0 ? `${shown} and ${String(rest)} more` : shown;
}
