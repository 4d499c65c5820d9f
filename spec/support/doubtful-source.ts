import { createHash } from 'node:crypto';
import { hashSync } from 'bcrypt';
import { StoreUnavailableError } from '../../lib/errors.js';
import type { StoredUser, UserChangeListener, UserSource } from '../../lib/index.js';

/** A source whose line a test holds: it tells of nothing by itself. */
export interface DoubtfulSource {
  readonly source: UserSource;
  /** The names that were asked for, or the digests of tokens. */
  readonly asked: string[];
  readonly state: {
    freshUntil: number | undefined;
    /** No question is answered. */
    isDown: boolean;
    /** Delays the answers to questions until then; they are read at once. */
    held: Promise<void> | undefined;
  };
  /** Sets a password, by another process: nobody is told. */
  setPassword(name: string, password: string): void;
  /** Removes the user, all tokens and passwords included: nobody is told. */
  revoke(): void;
  /** Tells the listeners that any user may have changed. */
  tell: UserChangeListener;
}

const hashes = new Map<string, string>();

function hashOf(password: string): string {
  const known = hashes.get(password) ?? hashSync(password, 4);
  hashes.set(password, known);
  return known;
}

/**
 * @param isVerifying - true if the source itself verifies passwords
 * @param token - a subscription token that the source knows
 */
export function doubtfulSource(
  { isVerifying = false, token = '' } = {},
  extras: Partial<UserSource> = {},
): DoubtfulSource {
  const passwords = new Map([
    ['amy', 'amy-pw'],
    ['root', 'root-pw'],
  ]);
  const tokens = new Set([createHash('sha256').update(token).digest('hex')]);
  const asked: string[] = [];
  const listeners = new Set<UserChangeListener>();
  const state: DoubtfulSource['state'] = {
    freshUntil: undefined,
    isDown: false,
    held: undefined,
  };
  const answer = async <T>(question: string, value: T): Promise<T> => {
    asked.push(question);
    if (state.isDown) throw new StoreUnavailableError('the line is dead');
    await (state.held ?? Promise.resolve());
    return value;
  };
  const userOf = (name: string): StoredUser | undefined => {
    const password = passwords.get(name);
    if (password === undefined) return undefined;
    const hash = isVerifying ? '' : hashOf(password);
    return { name, type: 'normal', hash, permissions: ['api'] };
  };
  const source = Object.defineProperties<UserSource>(
    {
      find: (name) => answer(name, userOf(name)),
      watch: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      subscriptions: {
        find: (digest) =>
          answer(
            digest,
            tokens.has(digest)
              ? { digest, cluster: '', database: 'telegraf', created: '2026-11-24T10:00:00.000Z' }
              : undefined,
          ),
        list: () => [],
        put: (each) => each,
        delete: () => false,
        deleteDatabase: () => 0,
      },
      ...(isVerifying && {
        verify: (name: string, password: string) =>
          answer(`${name}'s password`, passwords.get(name) === password),
      }),
      ...extras,
    },
    { freshUntil: { get: () => state.freshUntil } },
  );
  return {
    source,
    asked,
    state,
    setPassword: (name, password) => passwords.set(name, password),
    revoke: () => {
      passwords.clear();
      tokens.clear();
    },
    tell: (name) => {
      for (const listener of listeners) listener(name);
    },
  };
}
