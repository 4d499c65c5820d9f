import type { Request } from 'express';
import type { NameAndPassword } from '../../credentials/basic.js';
import { parseCredentials } from '../../credentials/parse.js';
import { AuthorizationError } from '../../errors.js';
import { parseRequestTarget } from '../../privileges/request-path.js';
import type { KapacitorUser } from '../../privileges/user.js';

/** Returns true if a request is for a change of the user who sends it: a PATCH at its own name. */
export function isForOneself(user: KapacitorUser, request: Request): boolean {
  if (request.method !== 'PATCH' || user.source !== 'local') return false;
  const { segments } = parseRequestTarget(request.url);
  return segments.length === 1 && segments[0] === user.name;
}

/** The Basic credentials of a request, if they name its user. */
export function ownCredentials(
  { name }: KapacitorUser,
  { headers: { authorization }, originalUrl: url }: Request,
): NameAndPassword | undefined {
  const sent = parseCredentials({ headers: { authorization }, url });
  return sent.kind === 'basic' && sent.name === name ? sent : undefined;
}

/** The same refusal, with the way by which users change their own password. */
export function withOwnWay(
  refusal: AuthorizationError,
  way: 'other credentials' | 'another body',
): AuthorizationError {
  const message = `${refusal.message}; ${WAYS[way]}`;
  return new AuthorizationError('ERR_KAUTH_FORBIDDEN', message, {
    cause: refusal,
  });
}

const WAYS = {
  'other credentials':
    'Basic credentials are needed to change your own password, and a body of nothing but a new "password"',
  'another body': 'with Basic credentials, a body of nothing but a new "password" changes your own',
};
