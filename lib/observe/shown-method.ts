import { SHOWN_FORM } from './shown-form.js';

/** Matches the methods that are in use (IANA's registry), and no JWT: that has dots. */
const METHOD = /^[\w-]{1,32}$/;

/**
 * Returns a method as logs, events and the audit log show it. A header that names one, as proxies
 * send it, may hold anything (RFC 9110, section 9.1: a token).
 */
export function shownMethod(method: string | undefined): string | undefined {
  return method === undefined || METHOD.test(method) ? method : SHOWN_FORM.hidden;
}
