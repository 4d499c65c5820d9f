import { printValue } from './print-value.js';
import { readFile } from './sources/read-file.js';

/** Paths of PEM files; undefined if they were refused. */
interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Refuses files of certificates that can't be read, and a certificate without its key.
 *
 * @param prefix - of the names of the options
 * @param refuse - called with the option and its problem
 */
export function checkTls(
  prefix: string,
  { ca, cert, key }: TlsFiles,
  refuse: (key: string, problem: string) => void,
): void {
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    const content = path ? readFile(path) : undefined;
    if (content !== undefined && 'reason' in content) {
      refuse(`${prefix}${name}`, `${printValue(path)} ${content.reason}`);
    }
  }
  const together = 'a certificate and its key go together';
  if (cert === '' && key) {
    refuse(`${prefix}cert`, `is not set, ${prefix}key is; ${together}`);
  }
  if (key === '' && cert) {
    refuse(`${prefix}key`, `is not set, ${prefix}cert is; ${together}`);
  }
}
