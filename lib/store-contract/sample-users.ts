import type { StoredUser } from '../stores/user-store.js';

/** Hashes of bcrypt that differ; the first has the lowest cost. */
export const HASHES = [
  '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu',
  '$2b$05$DC18Q1SaWgFkX6rZzg9mQOKORp1FYl3LQLwz0qeJkjLWBhY5xwsY2',
  '$2b$06$X0JIPBLFeDZWBAcnymhpJ.azqqqDxi0avhhQSeT4yDe6jesikRrrq',
] as const;

/** Hashes that can't be verified, and so must never be kept. */
export const FOREIGN_HASHES: readonly string[] = [
  '',
  'plain text',
  '$1$abcdefgh$G4ZQz3tF1pbrvbTqOnzW10',
  '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
  '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b0oWQ',
  HASHES[0].replace('$2b$', '$2x$'),
  HASHES[0].replace('$04$', '$03$'),
  HASHES[0].replace('$04$', '$32$'),
  HASHES[0].slice(0, -1),
  `${HASHES[0]}\n`,
];

/** Makes a normal user without permissions, apart from the differences. */
export function normal(name: string, differences: Partial<StoredUser> = {}): StoredUser {
  return { name, type: 'normal', hash: HASHES[0], permissions: [], ...differences };
}

export function admin(name: string): StoredUser {
  return normal(name, { type: 'admin' });
}
