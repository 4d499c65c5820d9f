import type { KapacitorAuthError } from '../errors.js';
import type { Reporter } from '../observe/reporter.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { UserProperty } from './answer-policy.js';

/** Reports requests that pass and would be refused. */
export function reportOnly(
  reporter: Reporter,
  property: UserProperty,
): (error: KapacitorAuthError, request: ReportedRequest) => void {
  return (error, request) => {
    reporter.reported(error, request, { user: request[property] });
  };
}
