/** Names that nobody has, among them those at which careless look-ups stumble. */
export const UNKNOWN_NAMES: readonly string[] = [
  '',
  'nobody',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '~subscriber',
  '_sub:x',
  '.',
  '..',
  '*',
  '%',
  "' OR 1=1 --",
  'a\0b',
  '\ud800',
  'n'.repeat(10_240),
];
