import type { Room } from './plan-of-lib.js';

/** Small files that any room may use. */
export const LEAF_ROOMS: readonly Room[] = [
  { room: 'known-errors.ts', is: 'errors of other copies of the code', imports: [] },
  { room: 'shared-map.ts', is: 'what all copies of the code know', imports: [] },
  {
    room: 'errors.ts',
    is: 'typed errors with stable codes',
    imports: ['known-errors.ts'],
  },
  { room: 'logger.ts', is: 'the form of a logger', imports: [] },
  { room: 'maybe-promise.ts', is: 'a value or a promise of it', imports: [] },
  { room: 'lazy.ts', is: 'slow libraries, loaded by the first that needs them', imports: [] },
  { room: 'deadline.ts', is: 'an answer that may come too late', imports: [] },
  { room: 'keyed-digest.ts', is: 'keys of texts that must not be kept', imports: [] },
  { room: 'pem-key.ts', is: 'keys that are no secrets', imports: [] },
  {
    room: 'sign-claims.ts',
    is: 'tokens of our own',
    imports: ['errors.ts', 'lazy.ts', 'pem-key.ts'],
  },
  { room: 'invalid-request.ts', is: 'an input that is refused', imports: ['errors.ts'] },
  { room: 'database-urls.ts', is: 'URLs of PostgreSQL', imports: ['errors.ts'] },
  { room: 'add-members.ts', is: 'members of a function', imports: [] },
  { room: 'is-record.ts', is: 'an object that is no list', imports: [] },
  { room: 'system-error.ts', is: 'codes of the operating system', imports: [] },
  { room: 'single-flight.ts', is: 'equal questions at once are one', imports: [] },
  { room: 'turns.ts', is: 'long work leaves others their turn', imports: ['errors.ts'] },
  { room: 'troubleshooting.ts', is: 'the page that explains a code', imports: [] },
  {
    room: 'warnings.ts',
    is: 'warnings with stable codes',
    imports: ['logger.ts', 'troubleshooting.ts'],
  },
];

/** Their names. */
export const LEAVES: readonly string[] = LEAF_ROOMS.map(({ room }) => room);

/** The rooms of what a store is, apart from any. */
export const STORE_CONTRACT: readonly string[] = [
  'stores/user-store.ts',
  'stores/list-options.ts',
  'stores/subscription-store.ts',
  'stores/failure-counter.ts',
  'stores/ended-sessions.ts',
];
