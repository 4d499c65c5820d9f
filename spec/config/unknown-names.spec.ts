import { optionRows, sections } from '../../lib/config/option-rows.js';
import { load, rememberingLogger, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();

/** The notes on a file and an environment. */
function notesOn(text: string, environment: NodeJS.ProcessEnv = {}, ending = 'toml') {
  const file = folder.write(`names.${ending}`, text);
  const logger = rememberingLogger();
  const { leftAside } = load({ configFile: file, logger }, environment);
  return { file, leftAside, logger };
}

describe('a section whose name is nearly one of ours', () => {
  it.each([
    ['stor', 'store'],
    ['sotre', 'store'],
    ['gatway', 'gateway'],
    ['Throtle', 'throttle'],
    ['metric', 'metrics'],
    ['htp', 'http'],
  ])('is noted: [%s]', (name, meant) => {
    for (const ending of ['toml', 'ini']) {
      const { file, leftAside, logger } = notesOn(`[${name}]\npath = "x"\n`, {}, ending);
      const reason = `is unknown and does not count; is [${meant}] meant?`;
      expect(leftAside).toEqual([{ key: `[${name}]`, origin: `${file}:1`, reason }]);
      expect(logger.info).toHaveBeenCalledWith(`[${name}] (${file}:1) ${reason}`);
    }
  });

  it.each(['storage', 'smtp', 'stats', 'task', 'tls', 'udf', 'talk', 'alert', 'mqtt', 'ldap'])(
    'is not one of Kapacitor: [%s]',
    (name) => {
      expect(notesOn(`[${name}]\nenabled = true\n`).leftAside).toEqual([]);
    },
  );
});

describe('a variable that is unknown', () => {
  it.each([
    ['KAPACITOR_STORE_PAHT', 'is KAPACITOR_STORE_PATH meant?'],
    ['KAPACITOR_STOR_PATH', 'is KAPACITOR_STORE_PATH meant?'],
    ['KAPACITOR_AUTH_BCRYPTCOST', 'is KAPACITOR_AUTH_BCRYPT_COST meant?'],
    ['KAPACITOR_HTTP_SHARED_SECRETS', 'is KAPACITOR_HTTP_SHARED_SECRET meant?'],
    ['KAPACITOR_CONFIG_PAHT', 'is KAPACITOR_CONFIG_PATH meant?'],
    // Without a section.
    ['KAPACITOR_ENFORCE', 'is KAPACITOR_AUTH_ENFORCE meant?'],
    ['KAPACITOR_SHARED_SECRET', 'is KAPACITOR_HTTP_SHARED_SECRET meant?'],
    ['KAPACITOR_TRUSTED_PROXIES', 'is KAPACITOR_GATEWAY_TRUSTED_PROXIES meant?'],
    // In the section of another.
    ['KAPACITOR_HTTP_ENFORCE', 'is KAPACITOR_AUTH_ENFORCE meant?'],
    ['KAPACITOR_GATEWAY_BCRYPT_COST', 'is KAPACITOR_AUTH_BCRYPT_COST meant?'],
    // As if the name of the package came first.
    ['KAPACITOR_AUTH_STORE_PATH', 'is KAPACITOR_STORE_PATH meant?'],
    ['KAPACITOR_AUTH_GATEWAY_UPSTREAM', 'is KAPACITOR_GATEWAY_UPSTREAM meant?'],
    // As an option of the command line.
    ['KAPACITOR_UPSTREAM', 'is KAPACITOR_GATEWAY_UPSTREAM, or --upstream of serve, meant?'],
    ['KAPACITOR_AUTH_UPSTREAM', 'is KAPACITOR_GATEWAY_UPSTREAM, or --upstream of serve, meant?'],
    ['KAPACITOR_TLS_CERT', 'is KAPACITOR_GATEWAY_TLS_CERT, or --tls-cert of serve, meant?'],
    ['KAPACITOR_HTTP_TLS_KEY', 'is KAPACITOR_GATEWAY_TLS_KEY, or --tls-key of serve, meant?'],
    ['KAPACITOR_AUDIT_LOG', 'is KAPACITOR_AUDIT_PATH, or --audit-log of serve, meant?'],
    ['KAPACITOR_STORE', 'is KAPACITOR_STORE_PATH, or --store, meant?'],
    ['KAPACITOR_WORKERS', 'is --workers of serve meant?'],
    ['KAPACITOR_LOG_LEVEL', 'is --log-level of serve meant?'],
    ['KAPACITOR_CONFIG', 'is KAPACITOR_CONFIG_PATH, or --config, meant?'],
    ['KAPACITOR_CONFIG_FILE', 'is KAPACITOR_CONFIG_PATH, or --config, meant?'],
    ['KAPACITOR_AUTH_CONFIG', 'is KAPACITOR_CONFIG_PATH, or --config, meant?'],
    ['KAPACITOR_GATEWAY_PORT', 'docs/configuration.md lists all'],
    ['KAPACITOR_AUDIT_SOMETHING_ELSE', 'docs/configuration.md lists all'],
    ['KAPACITOR_AUTH_UNHEARD_OF', 'docs/configuration.md lists all'],
    ['KAPACITOR_HTTP_TIMEOUT', 'docs/configuration.md lists all'],
  ])('is warned of, never its value: %s', (name, advice) => {
    const { leftAside, logger } = notesOn('', { [name]: 'a-value' });
    const reason = `is unknown and does not count; ${advice}`;
    expect(leftAside).toEqual([{ key: name, origin: 'environment', reason }]);
    expect(logger.warnings).toEqual([`WRN_KAUTH_UNKNOWN_VARIABLE: ${name} ${reason}`]);
    expect(logger.info).not.toHaveBeenCalled();
  });

  it('is in one warning with all others', () => {
    const { logger } = notesOn('', { KAPACITOR_ENFORCE: 'on', KAPACITOR_STORE_PAHT: 'x' });
    expect(logger.warnings).toEqual([
      expect.stringMatching(/KAPACITOR_ENFORCE is .*; and KAPACITOR_STORE_PAHT is /),
    ]);
  });

  it('is warned of though nobody must authenticate', () => {
    const off = { KAPACITOR_HTTP_AUTH_ENABLED: 'false', KAPACITOR_ENFORCE: 'on' };
    expect(notesOn('', off).logger.warnings.join()).toContain('KAPACITOR_ENFORCE');
  });

  it.each([
    ...[
      'KAPACITOR_HTTP_BIND_ADDRESS',
      'KAPACITOR_HTTP_LOG_ENABLED',
      'KAPACITOR_HTTP_HTTPS_ENABLED',
    ],
    ...['KAPACITOR_SMTP_ENABLED', 'KAPACITOR_STORAGE_BOLTDB', 'KAPACITOR_URL', 'STORE_PATH'],
    ...['KAPACITOR_HOSTNAME', 'KAPACITOR_DATA_DIR', 'KAPACITOR_INFLUXDB_0_URLS_0'],
    ...['KAPACITOR_USERNAME', 'KAPACITOR_PASSWORD', 'KAPACITOR_PATH', 'KAPACITOR_TIMEOUT'],
    ...['KAPACITOR_VERSION', 'KAPACITOR_HOST', 'KAPACITOR_PORT', 'KAPACITOR_LOGGING_LEVEL'],
    ...['KAPACITOR_LOGGING_FILE', 'KAPACITOR_TASK_DIR', 'KAPACITOR_TLS_MIN_VERSION'],
    ...['KAPACITOR_REPLAY_DIR', 'KAPACITOR_LOAD_ENABLED', 'KAPACITOR_UNSAFE_SSL'],
    ...['KAPACITOR_ADMIN_PASSWORD', 'KAPACITOR_STORE_\u001b[2J', 'XKAPACITOR_STORE_PAHT'],
  ])('is somebody else’s: %j', (name) => {
    const { leftAside, logger } = notesOn('', { [name]: 'x' });
    expect(leftAside).toEqual([]);
    expect(logger.warnings).toEqual([]);
  });

  it.each(['KAPACITOR', 'KAPACITOR_AUTH', 'KAPACITOR_GATEWAY', 'KAPACITOR_AUTH_STORE'])(
    'is of Kubernetes, which tells of its service: %s',
    (service) => {
      const names = ['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_HTTP', 'PORT', 'PORT_9095_TCP'];
      const more = ['PORT_9095_TCP_ADDR', 'PORT_9095_TCP_PORT', 'PORT_9095_TCP_PROTO'];
      const all = [...names, ...more].map((name) => [`${service}_${name}`, 'x'] as const);
      expect(notesOn('', Object.fromEntries(all)).leftAside).toEqual([]);
      const slip = `${service}_PORTS`;
      const both = Object.fromEntries([...all, [slip, 'x']]);
      const told = notesOn('', both).leftAside.map(({ key }) => key);
      expect(told).toEqual(service === 'KAPACITOR' ? [] : [slip]);
    },
  );

  it('is none of ours', () => {
    for (const { variable } of optionRows) {
      const environment = { [variable]: '' };
      expect(notesOn('', environment).leftAside).toEqual([]);
    }
    expect(notesOn(sections.map((name) => `[${name}]\n`).join('')).leftAside).toEqual([]);
  });
});
