import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { JudgePassing } from '../../for-server.js';
import type { KapacitorAuthError, KapacitorUser } from '../../index.js';
import { noteReported } from '../access-log.js';
import { targetAsSent } from '../request-target.js';
import { judgeHead } from './judge-head.js';
import type { Upstream } from './upstream.js';

/** Parts of {@link passUnrefused}. */
export interface PassingParts {
  readonly upstream: Upstream;
  readonly judge: JudgePassing;
  /** True if ids in bodies are judged. */
  readonly readsTasks: boolean;
  readonly logger: Logger;
}

/** A request whose path can be read in one way only. */
export interface SoundRequest {
  readonly request: IncomingMessage & { user?: KapacitorUser };
  readonly response: ServerResponse;
  /** The path as it is judged. */
  readonly path: string;
  readonly fail: (error: KapacitorAuthError) => void;
}

/**
 * Forwards a request as the client sent it, with the client's own credentials, to an upstream that
 * judges by itself. Meanwhile it is judged here, and reported if it would have been refused. It
 * waits for no judgement. Its body is not read: ids in it are not judged.
 *
 * @throws InvalidRequestError if it is larger than allowed, or has two `Host`
 */
export function passUnrefused(
  { upstream, judge, readsTasks, logger }: PassingParts,
  { request, response, path, fail }: SoundRequest,
): void {
  const { method = '' } = request;
  upstream.forward({ request, response, method, path, target: targetAsSent(request), fail });
  // Only what was forwarded counts as passed.
  judge(request, {
    judge: (user) => {
      request.user = user;
      judgeHead(request, user, readsTasks);
    },
    reported: (reason) => {
      noteReported(response, reason);
    },
    failed: (error) => {
      logger.error({ err: error }, 'a request that passes could not be judged');
    },
  });
}
