import type { KapacitorAuthError } from '../../errors.js';
import { AuthorizationError } from '../../errors.js';
import { policyOf } from '../../express/answer-policy.js';
import { judgeTarget } from '../../express/users-api/escalation.js';
import { JudgedUsers } from '../../express/users-api/judged-users.js';
import { managedHere } from '../../express/users-api/managed-here.js';
import { judgeUsersRequest } from '../../express/users-api/users-path.js';
import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import type { Asked } from '../page.js';

/** The request to the users API that a visit to a page stands for. */
interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The user in the path; left out for all users. */
  readonly name?: string | undefined;
}

type Asking = Pick<Asked, 'auth' | 'request' | 'user' | 'login'>;

/**
 * The users that the reader of a page may see, by the judgement of the users API.
 *
 * @throws AuthorizationError; NoUserStoreError
 */
export function seenUsers({ auth, request, user }: Asking, asked: ApiRequest): Users {
  judgeUsersRequest(user, asUrl(asked));
  return managedHere(auth.users).by({ name: user.name, address: request.ip });
}

/**
 * The users that the reader of a page changes, as if by this request to the users API.
 *
 * @throws AuthorizationError; NoUserStoreError
 */
export function changedUsers(asking: Asking, asked: ApiRequest): JudgedUsers {
  const users = seenUsers(asking, asked);
  const isStill = asking.login?.session.isOf;
  return new JudgedUsers({ users, actor: asking.user, asked: asUrl(asked), isStill });
}

/** Returns true if the users API would take such a request. */
export function mayAsk({ user }: Pick<Asked, 'user'>, asked: ApiRequest): boolean {
  try {
    judgeUsersRequest(user, asUrl(asked));
    return true;
  } catch {
    return false;
  }
}

/** Returns true if the users API would take a change of this user, apart from new rights. */
export function mayChange(
  asking: Pick<Asked, 'user'>,
  method: 'PATCH' | 'DELETE',
  target: UserInfo,
): boolean {
  if (!mayAsk(asking, { method, name: target.name })) return false;
  try {
    judgeTarget(asking.user, target);
    return true;
  } catch {
    return false;
  }
}

/** Tells listeners and the audit trail of a change that was refused, as the users API does. */
export function tellRefused(
  { auth, request }: Pick<Asked, 'auth' | 'request'>,
  error: KapacitorAuthError,
): void {
  if (error instanceof AuthorizationError) policyOf(auth)?.report(error, request);
}

function asUrl({ method, name = '' }: ApiRequest): { method: string; url: string } {
  return { method, url: `/${encodeURIComponent(name)}` };
}
