import { devNull } from 'node:os';
import fc from 'fast-check';
import type { Config } from '../../lib/config/config.js';
import { loadConfig } from '../../lib/config/load.js';
import { optionRows } from '../../lib/config/option-rows.js';
import { silentLogger } from '../../lib/logger.js';
import { load, loadUntyped, NO_FILE, problemsOf, temporaryFolder } from './config-files.js';
import { OPTION_SAMPLES } from './option-samples.js';

const folder = temporaryFolder();

/** Each option with one of its samples. */
const CASES = OPTION_SAMPLES.flatMap(({ id, values, meanings = values }) =>
  values.map((value, index) => ({ ...rowOf(id), value, meaning: meanings[index] })),
);

function rowOf(id: string) {
  const row = optionRows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no option ${id}`);
  return row;
}

function valueOf(config: Config, id: string): unknown {
  const { section, name } = rowOf(id);
  return Reflect.get(config[section], name);
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = load();
    expect(config).toMatchObject({
      http: { authEnabled: true, sharedSecret: '' },
      auth: {
        enabled: true,
        cacheExpiration: 600_000,
        bcryptCost: 10,
        allowSlowBcrypt: false,
        metaAddr: [],
        metaUsername: '',
        metaPassword: '',
        metaInternalSharedSecret: '',
        metaUseTls: false,
        metaCa: '',
        metaCert: '',
        metaKey: '',
        metaInsecureSkipVerify: false,
        metaDefaultPermissions: [],
        metaVerifyTimeout: 10_000,
        staleIfError: 0,
      },
      store: { type: 'sqlite', path: 'kapacitor-auth.db' },
      realm: 'kapacitor',
      userSource: undefined,
      configFile: undefined,
    });
    expect(new Set(Object.values(config.origins))).toEqual(new Set(['default']));
    expect(Object.keys(config.origins)).toEqual(optionRows.map(({ id }) => id));
  });

  it('needs no arguments: the environment is that of the process', () => {
    const before = process.env;
    process.env = { ...NO_FILE, KAPACITOR_AUTH_BCRYPT_COST: '5' };
    try {
      expect(loadConfig().auth.bcryptCost).toBe(5);
      expect(loadConfig(undefined).logger).toBe(silentLogger);
    } finally {
      process.env = before;
    }
  });

  describe.each(CASES)('$id = $value', ({ id, section, name, key, variable, value, meaning }) => {
    const expectFrom = (config: Config, origin: string): void => {
      expect(valueOf(config, id)).toEqual(meaning);
      expect(config.origins[id]).toBe(origin);
    };

    it('is read from code by its own name', () => {
      expectFrom(loadUntyped({ [section]: { [name]: value }, logger: quiet() }), 'code');
    });

    it('is read from code by its name in files', () => {
      expectFrom(loadUntyped({ [section]: { [key]: value }, logger: quiet() }), 'code');
    });

    it(
      value === '' ? 'counts as unset when the variable is empty' : 'is read from the environment',
      () => {
        const config = load({}, { [variable]: String(value) });
        if (value !== '') expectFrom(config, variable);
        else expect(config.origins[id]).toBe('default');
      },
    );

    it.each(['conf', 'toml'])('is read from a .%s file', (ending) => {
      const text = `# first line\n[${section}]\n  ${key} = ${JSON.stringify(value)}\n`;
      const file = folder.write(`one.${ending}`, text);
      expectFrom(load({ configFile: file }), `${file}:3`);
    });

    it('is read from an .ini file', () => {
      const file = folder.write(
        'one.ini',
        `; first line\n[${section}]\n${key} = "${String(value)}"\n`,
      );
      expectFrom(load({ configFile: file }), `${file}:3`);
    });
  });

  it('takes code before the environment before the file before the default, for every option', () => {
    const sources = fc.record({
      code: fc.boolean(),
      environment: fc.boolean(),
      file: fc.boolean(),
    });
    const option = fc.constantFrom(...OPTION_SAMPLES);
    fc.assert(
      fc.property(option, sources, fc.nat(), ({ id, values, meanings = values }, given, seed) => {
        const { section, name, key, variable, option: row } = rowOf(id);
        const pick = (shift: number): number => (seed + shift) % values.length;
        const text = `[${section}]\n${key} = ${JSON.stringify(values[pick(2)])}\n`;
        const configFile = given.file ? folder.write('precedence.conf', text) : devNull;
        const environment = given.environment ? { [variable]: String(values[pick(1)]) } : {};
        const code = given.code ? { [section]: { [name]: values[pick(0)] } } : {};
        const inEnvironment = given.environment && values[pick(1)] !== '';
        const config = loadUntyped({ ...code, configFile, logger: quiet() }, environment);
        const [winner, origin] = given.code
          ? [meanings[pick(0)], 'code']
          : inEnvironment
            ? [meanings[pick(1)], variable]
            : given.file
              ? [meanings[pick(2)], `${configFile}:2`]
              : [row.default, 'default'];
        expect(valueOf(config, id)).toEqual(winner);
        expect(config.origins[id]).toBe(origin);
      }),
      { numRuns: 300 },
    );
  });

  it('merges sources key by key', () => {
    const configFile = folder.write(
      'merged.conf',
      '[auth]\nbcrypt-cost = 5\nmeta-username = "file"\n',
    );
    const config = load(
      { configFile, auth: { staleIfError: '1s' } },
      { KAPACITOR_AUTH_META_USERNAME: 'environment' },
    );
    expect(config.auth).toMatchObject({
      bcryptCost: 5,
      metaUsername: 'environment',
      staleIfError: 1000,
    });
  });

  it('keeps that order for values that are wrong together', () => {
    const options = { auth: { enabled: false }, store: { type: 'redis' } };
    expect(problemsOf(options).map(({ key }) => key)).toEqual(['http.auth-enabled', 'store.type']);
  });

  it('does not judge what a stronger source overrides', () => {
    const configFile = folder.write('weak.conf', '[auth]\nbcrypt-cost = "many"\n');
    const environment = { KAPACITOR_AUTH_BCRYPT_COST: 'several' };
    expect(load({ configFile, auth: { bcryptCost: 4 } }, environment).auth.bcryptCost).toBe(4);
  });

  it('lists every problem of every source in one error, in the order of the table', () => {
    const text =
      '[auth]\ncache-expiration = 600\nmeta-addr = "http://meta:8091"\nbcrypt-kost = 5\n';
    const configFile = folder.write('wrong.conf', text);
    const options = {
      configFile,
      store: { type: 'redis' },
      http: { sharedSecret: ' \t' },
      realm: 7,
    };
    const environment = { KAPACITOR_HTTP_AUTH_ENABLED: 'yes', KAPACITOR_AUTH_BCRYPT_COST: '3' };
    expect(problemsOf(options, environment).map(({ key, origin }) => [key, origin])).toEqual([
      ['realm', 'code'],
      ['auth.bcrypt-kost', `${configFile}:4`],
      ['http.auth-enabled', 'KAPACITOR_HTTP_AUTH_ENABLED'],
      ['http.shared-secret', 'code'],
      ['auth.cache-expiration', `${configFile}:2`],
      ['auth.bcrypt-cost', 'KAPACITOR_AUTH_BCRYPT_COST'],
      ['auth.meta-addr', `${configFile}:3`],
      ['store.type', 'code'],
    ]);
  });
});

function quiet() {
  return { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
}
