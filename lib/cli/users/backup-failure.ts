/** Codes of OpenSSL for a certificate of an authority that Node.js does not know. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

const BY_HAND = 'import the file that "kapacitor backup FILE" writes, or kapacitor.db itself';

/**
 * Says why a Kapacitor gave no backup.
 *
 * @param name - the user who asked, if any
 */
export function refusedBackup(status: number, name: string | undefined): string {
  const who = name === undefined ? 'nobody' : JSON.stringify(name);
  if (status === 401) {
    return name === undefined
      ? 'it asks for credentials (401): say --user NAME, an administrator of it'
      : `it refuses ${who} (401): name or password is wrong there`;
  }
  if (status === 403)
    return `it forbids ${who} the backup (403): say --user NAME, an administrator of it`;
  if (status === 404) {
    return `it has no /kapacitor/v1/storage/backup (404): it is an old Kapacitor, or none; ${BY_HAND}`;
  }
  if (status >= 300 && status < 400) {
    return `it redirects (${String(status)}), which is not followed with a password: name the Kapacitor itself`;
  }
  return `it answered ${String(status)}`;
}

/** Returns the error for people, with what may help. */
export function backupFailure({ protocol, host, origin }: URL, error: unknown): Error {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  const code = isCoded ? String(error.code) : '';
  const reason = String(error).replace(/^\w*Error(?:: |$)/, '') || code;
  const advice = adviceFor(code, protocol, host);
  const text = advice === undefined ? reason : `${reason}; ${advice}`;
  return new Error(`${origin} gave no backup: ${text}`, { cause: error });
}

function adviceFor(code: string, protocol: string, host: string): string | undefined {
  if (code === 'ECONNREFUSED') return 'no Kapacitor listens there';
  if (UNKNOWN_AUTHORITY.includes(code)) return 'name its authority by NODE_EXTRA_CA_CERTS';
  if (protocol === 'http:' && (code === 'ECONNRESET' || code.startsWith('HPE_'))) {
    return `it ended too early, or serves TLS: then say https://${host}`;
  }
  return code === 'EPROTO' || code.startsWith('ERR_SSL_')
    ? `if it serves no TLS, say http://${host}`
    : undefined;
}
