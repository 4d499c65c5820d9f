/** The methods of Kapacitor's API, which a server passes on or answers (RFC 9110, RFC 5789). */
export const SERVED_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The value of `Allow` in an answer to another method (RFC 9110, section 10.2.1). */
export const ALLOW: string = [...SERVED_METHODS, 'OPTIONS'].join(', ');
