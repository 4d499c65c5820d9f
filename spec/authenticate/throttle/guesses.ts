import type { KapacitorAuth } from '../../../lib/index.js';
import { basic } from '../../support/open-auth.js';

/** Two addresses of clients. */
export const HERE = '203.0.113.7';
export const ELSEWHERE = '198.51.100.8';

/** The codes of refusals. */
export const FAILED = 'ERR_KAUTH_FAILED';
export const THROTTLED = 'ERR_KAUTH_THROTTLED';

/** The name that was let in, or the code of the refusal. */
export async function login(
  auth: KapacitorAuth,
  name: string,
  password: string,
  ip?: string,
): Promise<string> {
  const headers = { authorization: basic(name, password) };
  return Promise.resolve(auth.authenticate({ headers, ip })).then(
    (user) => user.name,
    (error: unknown) =>
      error instanceof Error && 'code' in error ? String(error.code) : String(error),
  );
}

/** The number of each answer. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

export const range = (length: number): readonly number[] =>
  Array.from({ length }, (_, index) => index);
