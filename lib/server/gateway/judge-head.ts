import type { IncomingMessage } from 'node:http';
import type { KapacitorUser, TaskChange } from '../../index.js';
import {
  askedHost,
  judgeApiRequest,
  judgeBeforeBody,
  judgeForgery,
  taskChangeOf,
} from '../../index.js';
import { isOfAllowedPage } from '../cross-origin.js';
import { forwardedQuery } from './forwarded-query.js';

/** The head of a request that may pass by its path. */
interface PathHead {
  readonly change: undefined;
  /** The path that was judged. */
  readonly path: string;
  /** The query for the upstream, without credentials. */
  readonly query: string;
}

/** The head of a request whose body has an id to judge, too. */
export interface TaskHead {
  readonly change: TaskChange;
  readonly query: string;
}

/**
 * Judges the head of a request: all that a gateway refuses before it reads a body, and all that it
 * reports if it only reports.
 *
 * @param readsTasks - true if ids in bodies are judged; who may change no task is refused before,
 *   and holds none of the few places for bodies
 * @throws AuthorizationError; InvalidRequestError
 */
export function judgeHead(
  request: IncomingMessage,
  user: KapacitorUser,
  readsTasks: boolean,
): PathHead | TaskHead {
  const { method = '', url = '' } = request;
  const change = readsTasks ? taskChangeOf(method, url) : undefined;
  if (change === undefined) {
    const path = judgeApiRequest(user, method, url);
    return { change, path, query: judgeRest(request, url) };
  }
  judgeBeforeBody(user, change, url);
  return { change, query: judgeRest(request, url) };
}

function judgeRest(request: IncomingMessage, url: string): string {
  const query = forwardedQuery(url);
  if (!isOfAllowedPage(request)) judgeForgery(request, () => askedHost(request));
  return query;
}
