import type { Request } from 'express';
import type { NameAndPassword } from '../../credentials/basic.js';
import { parseCredentials } from '../../credentials/parse.js';
import { parseRequestTarget } from '../../privileges/request-path.js';
import type { KapacitorUser } from '../../privileges/user.js';

/**
 * Returns true if a user may change its own password by a request that it may not send otherwise:
 * a PATCH of itself, with its name and password as Basic credentials.
 */
export function isForOwnPassword(user: KapacitorUser, request: Request): boolean {
  if (request.method !== 'PATCH' || user.source !== 'local') return false;
  const { segments } = parseRequestTarget(request.url);
  if (segments.length !== 1 || segments[0] !== user.name) return false;
  return ownCredentials(user, request) !== undefined;
}

/** The Basic credentials of a request, if they name its user. */
export function ownCredentials(
  { name }: KapacitorUser,
  { headers: { authorization }, originalUrl: url }: Request,
): NameAndPassword | undefined {
  const sent = parseCredentials({ headers: { authorization }, url });
  return sent.kind === 'basic' && sent.name === name ? sent : undefined;
}
