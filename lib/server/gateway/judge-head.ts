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

/** The head of a request that may pass: its path, or what the id in its body is judged for. */
type JudgedHead =
  | { readonly change: undefined; readonly path: string }
  | { readonly change: TaskChange; readonly path?: undefined };

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
): JudgedHead {
  const { method = '', url = '' } = request;
  const change = readsTasks ? taskChangeOf(method, url) : undefined;
  if (change !== undefined) {
    judgeBeforeBody(user, change, url);
    judgeSender(request);
    return { change };
  }
  const path = judgeApiRequest(user, method, url);
  judgeSender(request);
  return { change, path };
}

function judgeSender(request: IncomingMessage): void {
  if (!isOfAllowedPage(request)) judgeForgery(request, () => askedHost(request));
}
