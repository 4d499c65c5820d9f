const CERTIFICATES =
  'name its certificate by tls-cert in [gateway] if it is a server of this machine, or its authority by NODE_EXTRA_CA_CERTS';

/** Codes of OpenSSL for a certificate of an authority that Node.js does not know. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

/**
 * Says what to do if a server did not answer.
 *
 * @param error - the failure of the request
 * @returns undefined if nothing is known to help
 */
export function healthAdvice({ protocol, host }: URL, error: unknown): string | undefined {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  const code = isCoded ? String(error.code) : '';
  if (code === 'ECONNREFUSED') {
    return 'no server listens there: start it, or name its address by --url';
  }
  if (UNKNOWN_AUTHORITY.includes(code)) return CERTIFICATES;
  if (protocol === 'http:' && (code === 'ECONNRESET' || code.startsWith('HPE_'))) {
    return `if it serves TLS, say --url https://${host}`;
  }
  return code === 'EPROTO' || code.startsWith('ERR_SSL_')
    ? `if it serves no TLS, say --url http://${host}`
    : undefined;
}
