import type { ConfigProblem } from '../errors.js';
import type { Draft } from './apply-options.js';
import { checkTls } from './check-tls.js';
import type { GatewayConfig } from './sections/gateway.js';
import { checkStore } from './store-settings.js';

/** The highest cost of hashes at which a login takes a few seconds of one core. */
const FAST_COST = 16;

/** Finds values that are right alone and wrong together. A value that was refused takes no part. */
export function checkCombinations(
  { http = {}, auth = {}, gateway = {}, store = {} }: Draft,
  originOf: (id: string) => string,
  problems: ConfigProblem[],
): void {
  const refuse: Refuse = (key, problem) => {
    problems.push({ key, origin: originOf(key), problem });
  };
  if (http.authEnabled && auth.enabled === false) {
    refuse(
      'http.auth-enabled',
      `is true while auth.enabled (${originOf('auth.enabled')}) is false, so that nobody could be authenticated; ` +
        'set auth.enabled = true to authenticate users, or http.auth-enabled = false to let every request pass as administrator',
    );
  }
  checkReports({ http, auth }, refuse);
  if (auth.bcryptCost !== undefined && auth.bcryptCost > FAST_COST && !auth.allowSlowBcrypt) {
    refuse(
      'auth.bcrypt-cost',
      `is above ${String(FAST_COST)}: each login would keep a core busy for seconds, each step more twice as long; ` +
        'set auth.allow-slow-bcrypt = true if that is meant',
    );
  }
  if (auth.metaUseTls) {
    const { metaCa: ca, metaCert: cert, metaKey: key } = auth;
    checkTls('auth.meta-', { ca, cert, key }, refuse);
  }
  checkStore(store, originOf, refuse);
  if (judgesForUpstream({ auth, gateway })) checkUpstreamCredentials(gateway, refuse);
}

type Refuse = (key: string, problem: string) => void;

function checkReports({ http, auth }: Pick<Draft, 'http' | 'auth'>, refuse: Refuse): void {
  if (auth?.enforce !== 'report' || http?.authEnabled !== false) return;
  refuse(
    'auth.enforce',
    'is "report" while http.auth-enabled is false, so that nobody is judged and there is nothing to report; ' +
      'set http.auth-enabled = true to have refusals reported',
  );
}

/**
 * Refuses a file that nobody named if it switches authentication off. Kapacitor's packages install
 * such a file, and it would open this program to everybody.
 */
export function checkFoundFile(
  { http = {} }: Draft,
  originOf: (id: string) => string,
  problems: ConfigProblem[],
): void {
  const key = 'http.auth-enabled';
  if (http.authEnabled !== false) return;
  const problem =
    'is false in a file that nobody named and that may be written for Kapacitor, which would let everybody in as administrator; ' +
    'set KAPACITOR_HTTP_AUTH_ENABLED=true and KAPACITOR_AUTH_ENABLED=true to authenticate users; or read no file, with ' +
    'configFile: false in code or KAPACITOR_CONFIG_PATH=/dev/null; or, to let every request pass as administrator, set ' +
    'KAPACITOR_HTTP_AUTH_ENABLED=false, or name the file (configFile in code, KAPACITOR_CONFIG_PATH)';
  problems.push({ key, origin: originOf(key), problem });
}

/**
 * A gateway that only reports may have no credentials at all, whole or not, and says so when it
 * starts.
 */
function judgesForUpstream({ auth, gateway }: Pick<Draft, 'auth' | 'gateway'>): boolean {
  return Boolean(gateway?.upstream) && auth?.enforce !== 'report';
}

function checkUpstreamCredentials(gateway: Partial<GatewayConfig>, refuse: Refuse): void {
  const { upstreamUsername, upstreamPassword, upstreamSharedSecret } = gateway;
  if (upstreamPassword && upstreamSharedSecret) {
    refuse(
      'gateway.upstream-password',
      'is set, and so is gateway.upstream-shared-secret; set one of them',
    );
  } else if (upstreamUsername === '' && (upstreamPassword || upstreamSharedSecret)) {
    refuse(
      'gateway.upstream-username',
      'is not set, its password or the shared secret is; set the name of a user of the upstream',
    );
  } else if (upstreamUsername && upstreamPassword === '' && upstreamSharedSecret === '') {
    refuse(
      'gateway.upstream-username',
      'is set, its password and the shared secret are not; set one of them',
    );
  }
}
