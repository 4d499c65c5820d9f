import { nearest } from './nearest.js';

/** Names that are no options and are yet often tried, with what to do instead. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['gateway.port', 'serve takes it as --port'],
  ['gateway.host', 'serve takes it as --host'],
  ['gateway.bind-address', 'serve takes it as --host and --port'],
  [
    'users',
    'give users as store: new MemoryUserStore([{ name, password }]), or keep them with "kapacitor-auth users add"',
  ],
]);

/**
 * Says that a key is unknown, and what may have been meant.
 *
 * @param id - `section.key`, or the key alone if it is no section's
 * @param known - the keys that there are
 */
export function unknownKey(id: string, key: string, known: readonly string[]): string {
  const instead = INSTEAD.get(id);
  if (instead !== undefined) return `is unknown; ${instead}`;
  const meant = nearest(key, known);
  return meant === undefined
    ? `is unknown; known keys: ${known.join(', ')}`
    : `is unknown; the nearest known key is ${JSON.stringify(meant)}`;
}
