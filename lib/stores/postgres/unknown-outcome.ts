import { StoreUnavailableError } from '../../errors.js';
import type { PostgresFailure } from './postgres-failure.js';

/** Nobody knows if the change was made: the connection was lost while it was being saved. */
export class UnknownOutcomeError extends StoreUnavailableError {
  constructor(shown: string, { message }: PostgresFailure) {
    super(
      `the user database ${shown} ${message}, while a change was being saved: it may have been made or not, ` +
        'so look before you make it again',
    );
  }
}
