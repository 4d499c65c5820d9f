/** Fields that only a proxy may send, or that would change what was judged: no client's word of it reaches the service. */
export const CLAIMS: readonly string[] = [
  'X-Original-URI',
  'X-Original-Method',
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-HTTP-Method',
  'X-HTTP-Method-Override',
  'X-Method-Override',
  'Forwarded',
  'X-Real-IP',
  'Remote-User',
  'X-Remote-User',
];
