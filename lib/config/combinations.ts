import type { ConfigProblem } from '../errors.js';
import { readFile } from './read-file.js';
import type { Draft } from './settle.js';
import { shown } from './shown.js';

/** Finds what is right by itself and wrong together. What was refused by itself takes no part. */
export function judgeCombinations(
  { http, auth }: Draft,
  originOf: (id: string) => string,
  problems: ConfigProblem[],
): void {
  const refuse = (key: string, problem: string): void => {
    problems.push({ key, origin: originOf(key), problem });
  };
  if (http.authEnabled && auth.enabled === false) {
    refuse(
      'http.auth-enabled',
      `is true while auth.enabled (${originOf('auth.enabled')}) is false, so that nobody could be authenticated; ` +
        'set auth.enabled = true to authenticate users, or http.auth-enabled = false to let every request pass as administrator',
    );
  }
  if (auth.metaUseTls) judgeTls(auth, refuse);
}

function judgeTls(
  { metaCa = '', metaCert, metaKey }: Draft['auth'],
  refuse: (key: string, problem: string) => void,
): void {
  const files = { 'auth.meta-ca': metaCa, 'auth.meta-cert': metaCert, 'auth.meta-key': metaKey };
  for (const [key, path] of Object.entries(files)) {
    const content = path ? readFile(path) : undefined;
    if (content !== undefined && 'reason' in content) {
      refuse(key, `${shown(path)} ${content.reason}`);
    }
  }
  const together = 'a certificate and its key go together';
  if (metaCert === '' && metaKey) {
    refuse('auth.meta-cert', `is not set, auth.meta-key is; ${together}`);
  }
  if (metaKey === '' && metaCert) {
    refuse('auth.meta-key', `is not set, auth.meta-cert is; ${together}`);
  }
}
