import { hideSecrets, holdsLogin, holdsToken, mayHoldJwt } from './hidden-secrets.js';
import { hideSubscriptionToken } from './hidden-token.js';
import { SHOWN_FORM } from './shown-form.js';

/** Characters of a target that are looked at. */
const MOST_READ = 4_096;

/** A path that holds nothing to hide but the token of a subscription, or a JWT. */
const PLAIN = /^\/(?:[\w.~*-]+\/)*[\w.~*-]*$/;

const SUBSCRIBE = /subscribe/i;

const SCHEME = /^[a-z][a-z\d+.-]*:(?=\/\/)/i;

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/]*/i;

/**
 * Returns the path of a request target as logs, events and the audit log show it: without the
 * query, even if a client misspelled its beginning, and without anything that may hold credentials.
 * A path of more than 2,048 characters is cut, or not shown if it holds anything but plain
 * characters.
 *
 * @param isWhole - false to leave out scheme and host of an absolute target
 */
export function shownPath(target: string, isWhole: boolean): string {
  if (PLAIN.test(target)) return shownPlain(target);
  const end = SHOWN_FORM.endOfPath(target);
  const asked = target.slice(0, end);
  if (PLAIN.test(asked)) return shownPlain(asked);
  if (end > SHOWN_FORM.longest) return HIDDEN;
  const bare = asked.replace(/(\/\/)[^/]*@/g, '$1');
  // A password may hold what ends a host or a path: what is left of it stands before an `@`.
  const named = bare.replace(SCHEME, '');
  const isLogin = /[:%\\]|\/\//.test(named) && mayHoldLogin(named + target.slice(end));
  if (isLogin) return HIDDEN;
  const [origin = ''] = ORIGIN.exec(bare) ?? [];
  if (holdsToken(origin)) return HIDDEN;
  const path = withoutSecrets(bare.slice(origin.length));
  return isWhole ? origin + path : path || '/';
}

const HIDDEN = `/${SHOWN_FORM.hidden}`;

function shownPlain(path: string): string {
  return cut(SUBSCRIBE.test(path) || mayHoldJwt(path) ? withoutSecrets(path) : path);
}

function withoutSecrets(path: string): string {
  return hideSubscriptionToken(hideSecrets(path));
}

function mayHoldLogin(target: string): boolean {
  return target.length > MOST_READ || holdsLogin(target);
}

function cut(path: string): string {
  const { longest } = SHOWN_FORM;
  return path.length > longest ? `${path.slice(0, longest)}...` : path;
}
