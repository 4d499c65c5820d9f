import type { Reporter } from '../observe/reporter.js';
import type { AnswerPolicy } from './answer-policy.js';
import { challenges } from './challenge.js';
import { reportOnly } from './report-only.js';

/** The settings that an answer depends on. */
interface AnswerSettings {
  readonly realm: string;
  readonly http: { readonly authEnabled: boolean; readonly sharedSecret: string };
}

/** The wishes of an app for its answers. */
type AnswerOptions = {
  readonly [K in 'challenge' | 'optional' | 'onError' | 'property']?: AnswerPolicy[K] | undefined;
};

/** Parts of {@link policyFor}. */
interface PolicyParts {
  readonly config: AnswerSettings;
  readonly options: AnswerOptions;
  readonly reporter: Reporter;
  /** True if requests that would be refused pass, and are reported. */
  readonly reports: boolean;
}

/** The values of `WWW-Authenticate` that a configuration means. */
export function challengesOf({ realm, http }: AnswerSettings): readonly string[] {
  return challenges({ realm, bearer: http.sharedSecret !== '' });
}

/** The way in which an app wants its clients to be answered. */
export function policyFor({ config, options, reporter, reports }: PolicyParts): AnswerPolicy {
  const { challenge = true, optional = false, property = 'user', onError } = options;
  return {
    headers: { 'WWW-Authenticate': challengesOf(config) },
    challenge,
    admitsAll: !config.http.authEnabled,
    optional,
    reportOnly: reports ? reportOnly(reporter, property) : undefined,
    onError,
    property,
    report: (error, request) => {
      reporter.refused(error, request, { user: request[property] });
    },
  };
}
