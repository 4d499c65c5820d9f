import type { NameAndPassword } from '../credentials/basic.js';
import { sharedMap } from '../shared-map.js';
import type { StoredUser } from '../stores/user-store.js';
import type { Authenticator, LoginRequest } from './authenticator.js';
import { renewedHash } from './passwords/renewed-hash.js';

/**
 * Verifies a name and a password as a login does, throttled and counted.
 *
 * @returns a test if the user may still log in, and by this very password: to be made inside a
 *   change of one's own password, so that an old one sets no new one
 * @throws as `auth.verify`
 */
export type ProvePassword = (
  credentials: NameAndPassword,
  request: LoginRequest,
) => Promise<(present: StoredUser) => boolean>;

const proofs = sharedMap<ProvePassword>('proofs.1');

/** Lets a middleware prove passwords. Its configuration stands for it if an app wrapped it. */
export function bindProof(
  auth: { readonly config: object },
  authenticator: Pick<Authenticator, 'logIn'>,
): void {
  const prove: ProvePassword = async (credentials, request) => {
    const { user, renewal } = await authenticator.logIn(credentials, request);
    const renewed = await renewedHash(renewal);
    return ({ hash, disabled }) =>
      disabled !== true && hash !== '' && (hash === user.hash || hash === renewed);
  };
  proofs.set(auth.config, prove);
}

/** Finds the proof of a middleware; undefined if authentication is off. */
export function proofOf(auth: object): ProvePassword | undefined {
  const config: unknown = 'config' in auth ? auth.config : undefined;
  return typeof config === 'object' && config !== null ? proofs.get(config) : undefined;
}
