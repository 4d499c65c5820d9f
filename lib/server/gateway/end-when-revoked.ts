import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KapacitorAuth, KapacitorUser } from '../../index.js';
import { answerError } from '../../index.js';
import { noteRevoked } from '../access-log.js';
import type { Exchange } from './exchange.js';

/** A request that was forwarded. */
export interface ForwardedExchange {
  readonly exchange: Exchange;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Judges the request as it was judged before. @throws AuthorizationError */
  readonly judge: (user: KapacitorUser) => unknown;
}

/**
 * Ends an exchange once its user may no longer be there, or may no longer do this. An answer that
 * has not begun is the refusal that a new request would get.
 */
export function endWhenRevoked(
  auth: Pick<KapacitorAuth, 'onRevoked'>,
  { exchange, request, response, judge }: ForwardedExchange,
): void {
  const stop = auth.onRevoked(
    request,
    (reason) => {
      noteRevoked(response, reason);
      exchange.breakOff(() => {
        answerError(reason, response);
      });
    },
    { judge },
  );
  exchange.whenOver(stop);
}
