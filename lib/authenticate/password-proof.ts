import type { NameAndPassword } from '../credentials/basic.js';
import type { Authenticator, LoginRequest } from './authenticator.js';

/**
 * Verifies a name and a password as a login does, throttled and counted.
 *
 * @returns a test if the password still is the one of a hash, to be repeated inside a change
 * @throws as `auth.verify`
 */
export type ProvePassword = (
  credentials: NameAndPassword,
  request: LoginRequest,
) => Promise<(hash: string) => boolean>;

const proofs = new WeakMap<object, ProvePassword>();

/** Lets a middleware prove passwords. Its configuration stands for it if an app wrapped it. */
export function bindProof(
  auth: { readonly config: object },
  authenticator: Pick<Authenticator, 'logIn'>,
): void {
  const prove: ProvePassword = async (credentials, request) => {
    const { user, renewal } = await authenticator.logIn(credentials, request);
    const renewed = await renewal?.renewed.catch(() => undefined);
    return (hash) => hash !== '' && (hash === user.hash || hash === renewed);
  };
  proofs.set(auth.config, prove);
}

/** Finds the proof of a middleware; undefined if authentication is off. */
export function proofOf(auth: object): ProvePassword | undefined {
  const config: unknown = 'config' in auth ? auth.config : undefined;
  return typeof config === 'object' && config !== null ? proofs.get(config) : undefined;
}
