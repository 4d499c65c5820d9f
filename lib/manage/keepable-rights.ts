import { invalidRequest } from '../invalid-request.js';
import type { UserStore } from '../stores/user-store.js';
import type { Rights } from './validate-user.js';

const KEEPS_NO_GRANTS =
  'this store keeps no grants: if it does, set keepsGrants (UserStore); otherwise use permissions';

const KEEPS_NO_DISABLED =
  'this store does not keep who is disabled: if it does, set keepsDisabled (UserStore); otherwise remove the user';

/**
 * Leaves out that there are no grants, and that a user is enabled, for a store that keeps neither.
 *
 * @throws InvalidRequestError for what would be lost
 */
export function keepableRights(
  { grants, disabled, ...changes }: Rights,
  { keepsGrants = false, keepsDisabled = false }: UserStore,
): Rights {
  if (!keepsGrants && grants !== undefined && grants.length > 0)
    throw invalidRequest(KEEPS_NO_GRANTS);
  if (!keepsDisabled && disabled === true) throw invalidRequest(KEEPS_NO_DISABLED);
  return {
    ...changes,
    ...(keepsGrants && grants !== undefined && { grants }),
    ...(keepsDisabled && disabled !== undefined && { disabled }),
  };
}
