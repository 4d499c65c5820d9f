/** Accepted values of an option: as code and TOML write them, and what they mean. */
export interface OptionSample {
  readonly id: string;
  /** Values as code gives them; the environment's text is the same without quotes. */
  readonly values: readonly (string | number | boolean)[];
  /** The values in the configuration; the same if left out. */
  readonly meanings?: readonly unknown[];
}

/** Every option, in the order of the table. */
export const OPTION_SAMPLES: readonly OptionSample[] = [
  { id: 'http.auth-enabled', values: [true, false] },
  {
    id: 'http.shared-secret',
    values: ['a secret that is long enough, 1st', 'a secret that is long enough, 2nd', ''],
  },
  { id: 'auth.enabled', values: [true, true] },
  { id: 'auth.enforce', values: ['on', 'report'] },
  {
    id: 'auth.cache-expiration',
    values: ['1h30m', '500ms', '0s', '1ns'],
    meanings: [5_400_000, 500, 0, 1],
  },
  { id: 'auth.bcrypt-cost', values: [4, 16, 12, 0], meanings: [4, 16, 12, 10] },
  { id: 'auth.allow-slow-bcrypt', values: [true, false] },
  {
    id: 'auth.meta-addr',
    values: ['meta:8091', 'a:1, [::1]:2', ''],
    meanings: [['meta:8091'], ['a:1', '[::1]:2'], []],
  },
  { id: 'auth.meta-username', values: ['kapacitor', '\u00fcser: name', ''] },
  { id: 'auth.meta-password', values: ['pass', 'pa:ss w\u00f6rd=', ''] },
  { id: 'auth.meta-internal-shared-secret', values: ['internal', 'int rnal', ''] },
  { id: 'auth.meta-use-tls', values: [true, false] },
  { id: 'auth.meta-ca', values: ['', '/nowhere/ca.pem'] },
  { id: 'auth.meta-cert', values: ['', '/nowhere/cert.pem'] },
  { id: 'auth.meta-key', values: ['', '/nowhere/key.pem'] },
  { id: 'auth.meta-insecure-skip-verify', values: [true, false] },
  {
    id: 'auth.meta-default-permissions',
    values: ['api', 'api, write_points', 'none', ''],
    meanings: [['api'], ['api', 'write_points'], ['none'], []],
  },
  { id: 'auth.meta-verify-timeout', values: ['10s', '1m'], meanings: [10_000, 60_000] },
  { id: 'auth.stale-if-error', values: ['5m', '1.5h', '0'], meanings: [300_000, 5_400_000, 0] },
  { id: 'throttle.enabled', values: [false, true] },
  { id: 'throttle.failures-per-user', values: [3, 0, 2_147_483_647] },
  { id: 'throttle.failures-per-address', values: [1000, 0, 2_147_483_647] },
  { id: 'throttle.window', values: ['1s', '15m', '1.5s'], meanings: [1000, 900_000, 1500] },
  { id: 'throttle.store', values: ['memory'] },
  { id: 'store.type', values: ['file', 'sqlite'] },
  { id: 'store.path', values: ['users.db', '/var/lib/kapacitor/users.json'] },
  {
    id: 'store.url',
    values: ['postgresql://amy:p%40ss@db.example:5432/users', 'postgres://db?sslmode=require', ''],
    meanings: ['postgres://amy:p%40ss@db.example:5432/users', 'postgres://db?sslmode=require', ''],
  },
  { id: 'store.schema', values: ['kapacitor_auth', '_2'] },
  { id: 'store.listen-url', values: [''] },
  { id: 'store.use-tls', values: [true, false] },
  { id: 'store.ca', values: ['', '/nowhere/ca.pem'] },
  { id: 'store.cert', values: ['', '/nowhere/cert.pem'] },
  { id: 'store.key', values: ['', '/nowhere/key.pem'] },
  { id: 'store.insecure-skip-verify', values: [true, false] },
  {
    id: 'gateway.upstream',
    values: ['http://127.0.0.1:9092', 'HTTPS://Kapacitor:443/', 'http://[::1]:80', ''],
    meanings: ['http://127.0.0.1:9092', 'https://kapacitor', 'http://[::1]', ''],
  },
  { id: 'gateway.upstream-username', values: ['gateway', ''] },
  { id: 'gateway.upstream-password', values: ['pass', 'pa:ss w\u00f6rd=', ''] },
  { id: 'gateway.upstream-shared-secret', values: ['upstream', ''] },
  { id: 'gateway.upstream-authenticates', values: [true, false] },
  { id: 'gateway.upstream-ca', values: ['', '/nowhere/ca.pem'] },
  { id: 'gateway.upstream-cert', values: ['', '/nowhere/cert.pem'] },
  { id: 'gateway.upstream-key', values: ['', '/nowhere/key.pem'] },
  { id: 'gateway.timeout', values: ['5s', '0s'], meanings: [5000, 0] },
  { id: 'gateway.write-timeout', values: ['10m', '0s'], meanings: [600_000, 0] },
  { id: 'gateway.request-timeout', values: ['30s', '0s'], meanings: [30_000, 0] },
  { id: 'gateway.keep-alive-timeout', values: ['5s', '10m'], meanings: [5_000, 600_000] },
  { id: 'gateway.max-body-size', values: [1, 0, 9_007_199_254_740_991] },
  { id: 'gateway.read-tasks', values: [true, false] },
  { id: 'gateway.tls-cert', values: ['', '/nowhere/cert.pem'] },
  { id: 'gateway.tls-key', values: ['', '/nowhere/key.pem'] },
  {
    id: 'gateway.trusted-proxies',
    values: ['127.0.0.1', '10.0.0.0/8, ::1', ''],
    meanings: [['127.0.0.1'], ['10.0.0.0/8', '::1'], []],
  },
  { id: 'metrics.endpoint', values: ['off', 'admin', 'open'] },
  { id: 'audit.path', values: ['/var/log/kapacitor-auth/audit.log', 'audit.log', ''] },
  {
    id: 'cors.origins',
    values: ['https://console.example', 'HTTP://Localhost:80, https://[::1]:8443', ''],
    meanings: [['https://console.example'], ['http://localhost', 'https://[::1]:8443'], []],
  },
  { id: 'pages.enabled', values: [true, false, 'auto'] },
  { id: 'pages.base-path', values: ['/admin', '/user-pages/v1', '/Admin_2'] },
  {
    id: 'pages.origin',
    values: ['https://kapacitor.example', 'HTTP://Localhost:80', ''],
    meanings: ['https://kapacitor.example', 'http://localhost', ''],
  },
];
