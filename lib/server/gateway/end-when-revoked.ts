import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KapacitorAuth } from '../../index.js';
import { answerError, judgeApiRequest } from '../../index.js';
import { noteRevoked } from '../access-log.js';
import type { Exchange } from './exchange.js';

/** A request that was forwarded. */
export interface ForwardedExchange {
  readonly exchange: Exchange;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The method and the target that were judged. */
  readonly method: string;
  readonly url: string;
}

/**
 * Ends an exchange once its user may no longer be there, or may no longer do this. An answer that
 * has not begun is the refusal that a new request would get.
 */
export function endWhenRevoked(
  auth: Pick<KapacitorAuth, 'onRevoked'>,
  { exchange, request, response, method, url }: ForwardedExchange,
): void {
  const stop = auth.onRevoked(
    request,
    (reason) => {
      noteRevoked(response, reason);
      exchange.breakOff(() => {
        answerError(reason, response);
      });
    },
    { judge: (user) => judgeApiRequest(user, method, url) },
  );
  exchange.whenOver(stop);
}
