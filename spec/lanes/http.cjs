const { lane } = require('./lane.cjs');

/** The lane of what clients, proxies and upstreams see, over real connections. */
module.exports = lane('http', [
  'examples/**/*.spec.ts',
  'express/**/*.spec.ts',
  'openapi/*.spec.ts',
  'pages/**/*.spec.ts',
  '!pages/browser/*.spec.ts',
  'recordings/**/*.spec.ts',
  'server/**/*.spec.ts',
  '!server/workers/*.spec.ts',
  'stores/meta/**/*.spec.ts',
  'hostile-meta-node.spec.ts',
  'meta-node.spec.ts',
]);
