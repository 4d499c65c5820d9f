import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { optionRows } from '../../lib/config/option-rows.js';
import {
  load,
  loadUntyped,
  problemsOf,
  rememberingLogger,
  temporaryFolder,
} from './config-files.js';
import { OPTION_SAMPLES } from './option-samples.js';

const STOCK = 'fixtures/reference/stock-kapacitor.conf';
const ON = { KAPACITOR_HTTP_AUTH_ENABLED: 'true', KAPACITOR_AUTH_ENABLED: 'true' };

const folder = temporaryFolder();
const logger = rememberingLogger();

/** A home folder where a file is found: the one that Kapacitor's packages install, or one with a text. */
function homeWith(name: string, text?: string): { readonly HOME: string; readonly file: string } {
  const HOME = join(folder.path, name);
  mkdirSync(join(HOME, '.kapacitor'), { recursive: true });
  const file = join(HOME, '.kapacitor/kapacitor.conf');
  if (text === undefined) copyFileSync(STOCK, file);
  else folder.write(join(name, '.kapacitor/kapacitor.conf'), text);
  return { HOME, file };
}

describe('the kapacitor.conf that Kapacitor installs, where it is found', () => {
  const { HOME, file } = homeWith('stock');

  it('lets nobody in: it is refused with each way out', () => {
    const [problem, ...others] = problemsOf({ logger }, { HOME });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key: 'http.auth-enabled', origin: `${file}:15` });
    for (const way of [
      'KAPACITOR_HTTP_AUTH_ENABLED=true',
      'KAPACITOR_AUTH_ENABLED=true',
      'configFile: false',
      'KAPACITOR_HTTP_AUTH_ENABLED=false',
      'KAPACITOR_CONFIG_PATH',
    ]) {
      expect(problem?.problem).toContain(way);
    }
  });

  it.each([
    ['the environment', {}, { KAPACITOR_HTTP_AUTH_ENABLED: 'false' }],
    ['code', { http: { authEnabled: false } }, {}],
    ['the file, named in code', { configFile: file }, {}],
    ['the file, named in the environment', {}, { KAPACITOR_CONFIG_PATH: file }],
  ])('may be meant: %s says so', (_who, options, environment) => {
    expect(loadUntyped({ ...options, logger }, { HOME, ...environment }).http.authEnabled).toBe(
      false,
    );
  });

  it('is not read where code reads no file', () => {
    const config = loadUntyped({ configFile: false, logger }, { HOME });
    expect(config).toMatchObject({ configFile: undefined, http: { authEnabled: true } });
  });

  it.each([
    ['the environment', {}, ON],
    ['code', { http: { authEnabled: true }, auth: { enabled: true } }, {}],
  ])(
    'gives no password to the meta node that it names when %s switches it on',
    (_, options, env) => {
      for (const where of [{ HOME }, { HOME, KAPACITOR_CONFIG_PATH: file }]) {
        const config = loadUntyped({ ...options, logger }, { ...where, ...env });
        expect(config.auth).toEqual(load().auth);
        expect(config.leftAside.map(({ key }) => key)).toEqual([
          'auth.meta-addr',
          'auth.meta-use-tls',
          'auth.meta-ca',
          'auth.meta-cert',
          'auth.meta-key',
          'auth.meta-insecure-skip-verify',
        ]);
        expect(config.leftAside[0]).toMatchObject({
          origin: `${file}:6`,
          reason: expect.stringContaining('does not say auth.enabled = true') as unknown,
        });
      }
    },
  );

  it('still leaves room for a meta node that somebody means', () => {
    const environment = { HOME, ...ON, KAPACITOR_AUTH_META_ADDR: 'meta:8091' };
    expect(loadUntyped({ logger }, environment).auth.metaAddr).toEqual(['meta:8091']);
  });
});

describe('a file that switches off what its values are for', () => {
  const idle = OPTION_SAMPLES.filter(
    ({ id }) => id === 'http.shared-secret' || (id.startsWith('auth.') && id !== 'auth.enabled'),
  ).map(({ id, values }) => [id, values.find((value) => value !== '')] as const);
  const harmless = ['auth.cache-expiration', 'auth.bcrypt-cost'];

  function fileWith(id: string, value: unknown, enabled: boolean): string {
    const [section, key = ''] = id.split('.');
    const says = `[http]\nauth-enabled = ${String(enabled)}\n%http[auth]\nenabled = ${String(enabled)}\n%auth`;
    const line = `${key} = ${JSON.stringify(value)}\n`;
    return says
      .replace('%http', section === 'http' ? line : '')
      .replace('%auth', section === 'auth' ? line : '');
  }

  it.each(idle)('%s counts in it only if it can do no harm', (id, value) => {
    const row = optionRows.find((each) => each.id === id);
    for (const ending of ['conf', 'ini']) {
      const off = folder.write(`off.${ending}`, fileWith(id, value, false));
      const on = folder.write(`on.${ending}`, fileWith(id, value, true));
      const loaded = load({ configFile: off }, ON);
      expect(loaded.origins[id] === 'default').toBe(!harmless.includes(id));
      expect(loaded.leftAside.map(({ key }) => key)).toEqual(harmless.includes(id) ? [] : [id]);
      expect(load({ configFile: on }, ON).origins[id]).toContain(on);
      const variables = { ...ON, [row?.variable ?? '']: String(value) };
      expect(load({ configFile: off }, variables).origins[id]).toBe(row?.variable);
    }
  });

  it('may be one that was found and does not say it: Kapacitor takes that for false', () => {
    const { HOME } = homeWith('silent', '[auth]\nmeta-addr = "meta:8091"\nbcrypt-cost = 11\n');
    const config = loadUntyped({ logger }, { HOME });
    expect(config.auth).toMatchObject({ metaAddr: [], bcryptCost: 11 });
    expect(config.leftAside.map(({ key }) => key)).toEqual(['auth.meta-addr']);
    const named = { KAPACITOR_CONFIG_PATH: join(HOME, '.kapacitor/kapacitor.conf') };
    expect(loadUntyped({ logger }, named).auth.metaAddr).toEqual(['meta:8091']);
  });

  it('does not by saying something that is not understood', () => {
    const text = '[auth]\nenabled = "perhaps"\nmeta-addr = "meta:8091"\n';
    const config = load({ configFile: folder.write('perhaps.conf', text) }, ON);
    expect(config.auth.metaAddr).toEqual([]);
  });

  it('is told to the logger, once for each value', () => {
    const own = { ...rememberingLogger(), info: jest.fn() };
    const configFile = folder.write('told.conf', '[auth]\nenabled = false\nmeta-addr = "meta:1"\n');
    load({ logger: own, configFile }, ON);
    expect(own.info.mock.calls).toEqual([[expect.stringMatching(/^auth\.meta-addr \(.*:3\) /)]]);
  });
});
