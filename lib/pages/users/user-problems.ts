import type { KapacitorAuthError } from '../../errors.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';

/** Beginnings of errors, and the fields that they are about; the first that fits counts. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^username\b/, 'name'],
  [/^password\b/, 'password'],
  [/\bgrants?\b(?! \w+(?:, \w+)*: it has )/, 'grants'],
  [/\bpermissions?\b|\bmay not grant\b/, 'permissions'],
  [/^type\b|\bmay not make an admin\b/, 'type'],
];

/** The mistake that an error tells of, at the field that it is about. */
export function problemsOf(error: KapacitorAuthError): Problems {
  return { [fieldOf(error)]: problemText(error) };
}

function fieldOf({ code, expose, message }: KapacitorAuthError): string {
  if (!expose) return '';
  if (code === 'ERR_KAUTH_USER_EXISTS') return 'name';
  if (code !== 'ERR_KAUTH_INVALID_REQUEST' && code !== 'ERR_KAUTH_ESCALATION') return '';
  return FIELDS.find(([beginning]) => beginning.test(message))?.[1] ?? '';
}
