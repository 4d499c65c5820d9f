import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Explanation, KapacitorAuth, KapacitorUser } from '../index.js';
import { answerJson, AuthorizationError, InvalidRequestError } from '../index.js';

/**
 * Shows the user of a request. With `?explain=METHOD+PATH` it explains whether that user may make
 * another request. An administrator may ask that about any user, with `&user=NAME`.
 *
 * @throws InvalidRequestError; AuthorizationError if another user asks about others
 */
export function answerWhoami(
  auth: KapacitorAuth,
): (
  request: IncomingMessage,
  response: ServerResponse,
  user: KapacitorUser,
) => Promise<void> | void {
  return ({ url = '' }, response, user) => {
    const { explain, about } = readQuestion(url);
    if (explain === undefined) {
      answerJson(response, 200, user);
      return;
    }
    return explained(auth, user, explain, about).then((explanation) => {
      answerJson(response, 200, explanation);
    });
  };
}

interface Question {
  /** `GET /kapacitor/v1/tasks`; undefined if nothing is asked. */
  readonly explain: string | undefined;
  /** The name of the user in question; undefined for the one who asks. */
  readonly about: string | undefined;
}

function readQuestion(url: string): Question {
  const mark = url.indexOf('?');
  const parameters = new URLSearchParams(mark === -1 ? '' : url.slice(mark));
  const once = (name: string): string | undefined => {
    const [value, ...others] = parameters.getAll(name);
    if (others.length > 0) throw invalid(`give "${name}" once`);
    return value;
  };
  const question = { explain: once('explain'), about: once('user') };
  if (question.explain === undefined && question.about !== undefined) {
    throw invalid('"user" goes with "explain=METHOD+PATH"');
  }
  return question;
}

async function explained(
  auth: KapacitorAuth,
  user: KapacitorUser,
  explain: string,
  about: string = user.name,
): Promise<Explanation> {
  const [, method, target] = /^([!#$%&'*+.^`|~\w-]+) (.+)$/.exec(explain) ?? [];
  if (method === undefined || target === undefined) {
    throw invalid('explain is a method and a path: explain=GET+/kapacitor/v1/tasks');
  }
  // Comes before the look-up: a user who may not ask must not learn which users exist.
  if (about !== user.name && !user.admin) {
    throw new AuthorizationError(
      'ERR_KAUTH_FORBIDDEN',
      `user ${user.name} may not ask what others may do: only an admin may`,
    );
  }
  return auth.explain(about === user.name ? user : about, method.toUpperCase(), target);
}

function invalid(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}
