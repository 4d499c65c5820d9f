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
    ['KAPACITOR_GATEWAY_PORT', 'docs/configuration.md lists all'],
    ['KAPACITOR_AUDIT_SOMETHING_ELSE', 'docs/configuration.md lists all'],
  ])('is noted, never its value: %s', (name, advice) => {
    const { leftAside, logger } = notesOn('', { [name]: 'a-value' });
    const reason = `is unknown and does not count; ${advice}`;
    expect(leftAside).toEqual([{ key: name, origin: 'environment', reason }]);
    expect(logger.info).toHaveBeenCalledWith(`${name} (environment) ${reason}`);
  });

  it.each([
    ...['KAPACITOR_HTTP_BIND_ADDRESS', 'KAPACITOR_HTTP_LOG_ENABLED', 'KAPACITOR_AUTH_UNHEARD_OF'],
    ...['KAPACITOR_SMTP_ENABLED', 'KAPACITOR_STORAGE_BOLTDB', 'KAPACITOR_URL', 'STORE_PATH'],
    ...['KAPACITOR_ADMIN_PASSWORD', 'KAPACITOR_STORE_\u001b[2J', 'XKAPACITOR_STORE_PAHT'],
  ])('is somebody else’s: %j', (name) => {
    expect(notesOn('', { [name]: 'x' }).leftAside).toEqual([]);
  });

  it('is none of ours', () => {
    for (const { variable } of optionRows) {
      const environment = { [variable]: '' };
      expect(notesOn('', environment).leftAside).toEqual([]);
    }
    expect(notesOn(sections.map((name) => `[${name}]\n`).join('')).leftAside).toEqual([]);
  });
});
