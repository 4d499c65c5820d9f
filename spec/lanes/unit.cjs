const { lane } = require('./lane.cjs');

/** The rooms by themselves, and the contract of the stores: under a minute. */
const FOLDERS = [
  'authenticate/**/*.spec.ts',
  'config/**/*.spec.ts',
  'credentials/**/*.spec.ts',
  'kapacitor-db/**/*.spec.ts',
  'manage/**/*.spec.ts',
  'observe/**/*.spec.ts',
  'privileges/**/*.spec.ts',
  'store-contract/**/*.spec.ts',
  'stores/in-memory/*.spec.ts',
  'stores/rules/*.spec.ts',
  'stores/*.spec.ts',
  'support/*.spec.ts',
  '*.spec.ts',
];

const SYSTEM = [
  ...['bench', 'bundle', 'clone', 'first-start', 'hostile-meta-node', 'manifest', 'meta-node'],
  'readme',
  'stores/postgres-store',
  'authenticate/sessions/shared-sessions',
].map((name) => `!${name}.spec.ts`);

module.exports = lane('unit', [...FOLDERS, ...SYSTEM]);
