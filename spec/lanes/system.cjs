const { lane } = require('./lane.cjs');

/** Whole programs: processes, files, attacks, faults, and the real programs beside them. */
module.exports = lane('system', [
  'attacks/**/*.spec.ts',
  'authenticate/sessions/shared-sessions.spec.ts',
  'cli/**/*.spec.ts',
  'deploy/**/*.spec.ts',
  'faults/**/*.spec.ts',
  'interop/**/*.spec.ts',
  'model/**/*.spec.ts',
  'pages/browser/*.spec.ts',
  'server/workers/*.spec.ts',
  'stores/file/**/*.spec.ts',
  'stores/postgres/**/*.spec.ts',
  'stores/sqlite/**/*.spec.ts',
  'bench.spec.ts',
  'bundle.spec.ts',
  'clone.spec.ts',
  'first-start.spec.ts',
  'manifest.spec.ts',
  'readme.spec.ts',
  'stores/postgres-store.spec.ts',
]);
