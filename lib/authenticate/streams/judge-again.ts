import {
  AuthorizationError,
  KapacitorAuthError,
  OverloadedError,
  StoreUnavailableError,
} from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import { hasLostRights } from '../../privileges/lost-rights.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { Authenticator } from '../authenticator.js';
import type { KnownUser } from '../known-requests.js';
import type { CachedUser } from '../user-cache.js';
import type { OpenStream } from './open-stream.js';

/** The lane of look-ups and of bcrypt, apart from those of clients. */
export const STREAMS_LANE = 'open streams';

/** The user of a name as of now, looked up at most once for streams that are judged together. */
export type FindUser = (name: string) => MaybePromise<CachedUser | undefined>;

type Meaning = Pick<KnownUser, 'user' | 'expiresAt'> & { readonly known?: KnownUser };

/**
 * Judges a stream as a new request like it would be judged now, but as no login: nothing is
 * counted, throttled or told. A password is compared only if the hash is another one than the
 * password was verified by.
 *
 * @returns true if it may go on, or the error that a new request would be refused with
 * @throws StoreUnavailableError; OverloadedError if that can't be said now
 */
export async function judgeAgain(
  stream: OpenStream,
  find: FindUser,
  authenticator: Pick<Authenticator, 'again' | 'failure'>,
): Promise<true | KapacitorAuthError> {
  try {
    const { user, known, expiresAt } = await meaningOf(stream, find, authenticator);
    await judgeRights(stream, user);
    stream.first ??= user;
    stream.known = known;
    stream.until = expiresAt;
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailableError || error instanceof OverloadedError) throw error;
    if (error instanceof KapacitorAuthError) return error;
    throw new StoreUnavailableError('a running request could not be judged', { cause: error });
  }
}

async function meaningOf(
  { name, known, tokenLeft, parts: { isSession, sent } }: OpenStream,
  find: FindUser,
  authenticator: Pick<Authenticator, 'again' | 'failure'>,
): Promise<Meaning> {
  const again = async (): Promise<Meaning> =>
    meaning(await authenticator.again(sent, STREAMS_LANE));
  const isFoundByName = isSession || (known !== undefined && known.user.source !== 'subscription');
  if (name === undefined || !isFoundByName || tokenLeft <= 0) return again();
  const { user, hash, expiresAt } = present(await find(name), authenticator);
  if (known === undefined) return { user, expiresAt };
  const isOtherHash = hash === '' || hash !== known.hash;
  if (known.login !== undefined && isOtherHash) return again();
  return { user, expiresAt, known: { ...known, user, expiresAt } };
}

/** The user who may log in now. @throws AuthenticationError; StoreUnavailableError */
function present(
  found: CachedUser | undefined,
  authenticator: Pick<Authenticator, 'failure'>,
): CachedUser {
  if (found === undefined || found.disabled) throw authenticator.failure();
  if (found.stale !== undefined) throw found.stale;
  return found;
}

function meaning(known: KnownUser): Meaning {
  return { user: known.user, expiresAt: known.expiresAt, known };
}

async function judgeRights(
  { first, parts: { judge } }: OpenStream,
  user: KapacitorUser,
): Promise<void> {
  if (judge === undefined) {
    if (first !== undefined && hasLostRights(first, user)) throw forbidden(user);
    return;
  }
  let verdict: unknown;
  try {
    verdict = await judge(user);
  } catch (error) {
    if (error instanceof KapacitorAuthError) throw error;
    throw forbidden(user, error);
  }
  if (verdict === false) throw forbidden(user);
}

function forbidden({ name }: KapacitorUser, cause?: unknown): AuthorizationError {
  const message = `user ${name} does not have the rights any more that this request needs`;
  return new AuthorizationError('ERR_KAUTH_FORBIDDEN', message, { cause });
}
