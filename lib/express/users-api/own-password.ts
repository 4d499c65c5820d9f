import type { Request } from 'express';
import type { ProvePassword } from '../../authenticate/password-proof.js';
import type { AuthorizationError } from '../../errors.js';
import { AuthenticationError, KapacitorAuthError } from '../../errors.js';
import type { Users } from '../../manage/users.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { StoredUser } from '../../stores/user-store.js';
import { readJsonObject } from './json-body.js';
import { ownCredentials, withOwnWay } from './own-credentials.js';
import type { UserDocument } from './user-documents.js';
import { parseUserUpdate, USER_UPDATE_KEYS, userDocument } from './user-documents.js';

/** A change of one's own password. */
export interface OwnPasswordChange {
  readonly users: Users;
  readonly user: KapacitorUser;
  readonly request: Request;
  readonly prove: ProvePassword;
  /** The answer to a request that changes anything else. */
  readonly refusal: AuthorizationError;
}

/**
 * Changes a user's own password, if the body asks for nothing else. The password of the request is
 * verified once more: `request.user` may come from a session.
 *
 * @throws AuthorizationError for another body, or if the password is the user's no more
 */
export async function changeOwnPassword(change: OwnPasswordChange): Promise<UserDocument> {
  const { users, user, request, prove, refusal } = change;
  const password = await readPassword(request);
  const credentials = ownCredentials(user, request);
  if (credentials === undefined) throw refusal;
  if (password === undefined) throw withOwnWay(refusal, 'another body');
  const isStill = await prove(credentials, request).catch((error: unknown) => {
    throw error instanceof AuthenticationError ? refusal : error;
  });
  const check = (present: StoredUser): void => {
    if (!isStill(present)) throw refusal;
  };
  return userDocument(await users.update(user.name, { password }, { check }));
}

/** The password of a body that holds one and nothing else. */
async function readPassword(request: Request): Promise<string | undefined> {
  try {
    const document = await readJsonObject(request, USER_UPDATE_KEYS);
    const { password, ...others } = parseUserUpdate(document);
    const isAlone =
      Object.keys(document).length === 1 &&
      Object.values(others).every((value) => value === undefined);
    return isAlone ? password : undefined;
  } catch (error) {
    // Whoever may change nothing else learns nothing else of the form of a body.
    if (error instanceof KapacitorAuthError && error.status < 500) return undefined;
    throw error;
  }
}
