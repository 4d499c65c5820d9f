import { StoreUnavailableError } from '../../errors.js';

/** Makes the error for the use of a store that was not opened, or was closed. */
export function notOpen(): StoreUnavailableError {
  return new StoreUnavailableError('the user store is not open');
}
