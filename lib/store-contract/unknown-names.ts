/** Names that nobody has, some of which break careless look-ups. */
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
