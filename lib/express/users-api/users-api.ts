import type { Request, RequestHandler, Response, Router } from 'express';
import type { ProvePassword } from '../../authenticate/password-proof.js';
import { proofOf } from '../../authenticate/password-proof.js';
import { AuthorizationError } from '../../errors.js';
import { lazy } from '../../lazy.js';
import type { Users } from '../../manage/users.js';
import { parseRequestTarget } from '../../privileges/request-path.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { AnswerPolicy } from '../answer-policy.js';
import { isWithoutUser, refuse, userOf } from '../answer-policy.js';
import { answerJson } from '../answers.js';
import { askedHost } from '../asked-host.js';
import { judgeForgery } from '../cross-site.js';
import { isPreflight } from '../middleware.js';
import { ownPolicy } from '../own-policy.js';
import { answerEncoded, EncodedJson } from './encoded-json.js';
import { managedHere } from './managed-here.js';
import { isForOneself, ownCredentials, withOwnWay } from './own-credentials.js';
import type * as UserOperations from './user-operations.js';
import type { Operation } from './user-operations.js';
import { judgeUsersRequest, USERS_PATHS } from './users-path.js';

/** Slow to load, as is Express; both are loaded only if this API is used. */
declare function require(id: './user-operations.js'): typeof UserOperations;

/**
 * Kapacitor's HTTP API to manage users: `/kapacitor/v1/users` and `/kapacitor/v1/users/NAME`.
 * Requests to other paths pass.
 *
 * It authenticates by `auth` unless that was done before. It authorizes by Kapacitor's own rules
 * for these paths, wherever they are mounted. A `req.user` that this `auth` did not resolve is a
 * MisuseError.
 *
 * Users can't grant more than they have: only an admin makes, changes or deletes an admin, and a
 * normal user manages only users who may do no more.
 *
 * Whatever its rights, a user may change its own password, by a PATCH with its name and its present
 * password as Basic credentials. `authorizeApi()` knows no bodies and refuses that, so it belongs
 * behind this API, which judges all that it answers.
 *
 * It reads bodies itself, so it belongs before `express.json()`.
 *
 * @param auth - the result of `kapacitorAuth()`
 * @throws MisuseError if it is something else
 *
 * @example
 * ```ts
 * const auth = kapacitorAuth();
 * app.use(usersApi(auth));
 * ```
 */
export function usersApi(auth: RequestHandler & { readonly users: Users | undefined }): Router {
  const policy = ownPolicy('usersApi', 'app.use(usersApi(auth))', auth);
  const prove = proofOf(auth);
  const refusals = new WeakMap<Request, AuthorizationError>();

  /** Refuses a request, or keeps the refusal if the body may yet make it one that is allowed. */
  function judgeOrKeep(user: KapacitorUser, request: Request): void {
    try {
      judgeUsersRequest(user, request);
    } catch (error) {
      const isKept = prove !== undefined && error instanceof AuthorizationError;
      if (!isKept || auth.users === undefined || !isForOneself(user, request)) throw error;
      if (ownCredentials(user, request) === undefined) throw withOwnWay(error, 'other credentials');
      refusals.set(request, error);
    }
  }

  const { Router } = lazy.express();
  const operations = require('./user-operations.js');
  return Router().use(
    USERS_PATHS,
    function authenticateOnce(request, response, next) {
      if (isWithoutUser(request, policy)) auth(request, response, next);
      else next();
    },
    function authorizeUsers(request, response, next) {
      try {
        if (!isPreflight(request)) judgeOrKeep(userOf(request, policy), request);
      } catch (error) {
        refuse(error, request, response, next);
        return;
      }
      next();
    },
    function kapacitorUsers(request, response, next) {
      const refusal = refusals.get(request);
      answer({ operations, users: auth.users, policy, prove, refusal }, [request, response])
        .catch((error: unknown) => {
          refuse(error, request, response, next);
        })
        .catch(next);
    },
  );
}

interface UsersApi {
  readonly operations: typeof UserOperations;
  readonly users: Users | undefined;
  readonly policy: AnswerPolicy;
  readonly prove: ProvePassword | undefined;
  /** The answer, unless the user changes its own password. */
  readonly refusal: AuthorizationError | undefined;
}

async function answer(
  { operations: { OPERATIONS, changeOwnPassword }, users, policy, prove, refusal }: UsersApi,
  [request, response]: readonly [Request, Response],
): Promise<void> {
  judgePage(request, refusal);
  const { segments, query } = parseRequestTarget(request.url);
  const operations = OPERATIONS[segments.length];
  const operation = operations?.get(request.method === 'HEAD' ? 'GET' : request.method);
  if (operation === undefined) {
    answerWithout(operations, request, response);
    return;
  }
  const managed = managedHere(users);
  const actor = userOf(request, policy);
  const [name = ''] = segments;
  const actingUsers = managed.by({ name: actor.name, address: request.ip });
  if (refusal !== undefined) {
    if (prove === undefined) throw refusal;
    const own = { users: actingUsers, user: actor, request, prove, refusal };
    answerJson(response, 200, await changeOwnPassword(own));
    return;
  }
  const document = await operation({ users: actingUsers, request, actor, name, query });
  if (document instanceof EncodedJson) answerEncoded(response, 200, document);
  else if (document !== undefined) answerJson(response, 200, document);
  else response.status(204).type('json').end();
}

/** Refuses what a page of another site sent; what is refused anyway is refused as ever. */
function judgePage(request: Request, refusal: AuthorizationError | undefined): void {
  try {
    judgeForgery(request, () => askedHost(request));
  } catch (error) {
    throw refusal ?? error;
  }
}

/**
 * Answers a request that is no operation: OPTIONS with the list of operations, everything else as
 * Kapacitor does.
 */
function answerWithout(
  operations: ReadonlyMap<string, Operation> | undefined,
  { method }: Request,
  response: Response,
): void {
  if (operations !== undefined && method === 'OPTIONS') {
    response.set('Allow', ['OPTIONS', 'HEAD', ...operations.keys()].join(', '));
    response.status(200).end();
  } else {
    answerJson(response, 404, { error: 'Not Found', message: 'Not Found' });
  }
}
