import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import os, { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import {
  load,
  loadUntyped,
  problemsOf,
  rememberingLogger,
  temporaryFolder,
} from './config-files.js';

const folder = temporaryFolder();
const logger = rememberingLogger();

/** A home folder with a kapacitor.conf. */
function home(name: string, text?: string): { readonly HOME: string; readonly conf: string } {
  const HOME = join(folder.path, name);
  const conf = join(HOME, '.kapacitor/kapacitor.conf');
  mkdirSync(join(HOME, '.kapacitor'), { recursive: true });
  if (text !== undefined) writeFileSync(conf, text);
  return { HOME, conf };
}

describe('the configuration file', () => {
  const one = folder.write('one.conf', '[auth]\nbcrypt-cost = 4\n');
  const two = folder.write('two.conf', '[auth]\nbcrypt-cost = 5\n');
  const { HOME, conf } = home('alice', '[auth]\nbcrypt-cost = 6\n');

  it.each([
    [{ configFile: one }, { KAPACITOR_CONFIG_PATH: two, HOME }, one, 4],
    [{ configFile: undefined }, { KAPACITOR_CONFIG_PATH: two, HOME }, two, 5],
    [{}, { KAPACITOR_CONFIG_PATH: '', HOME }, conf, 6],
    [{}, { HOME }, conf, 6],
    [{ configFile: devNull }, { KAPACITOR_CONFIG_PATH: two, HOME }, undefined, 10],
    [{}, { KAPACITOR_CONFIG_PATH: devNull, HOME }, undefined, 10],
  ])('with %j and %j is %s', (options, environment, path, cost) => {
    const config = loadUntyped({ ...options, logger }, environment);
    expect(config.configFile).toBe(path);
    expect(config.auth.bcryptCost).toBe(cost);
  });

  it.each([
    ['code', { configFile: '/nowhere/kapacitor.conf' }, {}],
    ['KAPACITOR_CONFIG_PATH', {}, { KAPACITOR_CONFIG_PATH: '/nowhere/kapacitor.conf' }],
  ])('must exist where %s names it', (origin, options, environment) => {
    const problem = '"/nowhere/kapacitor.conf" does not exist';
    expect(problemsOf(options, environment)).toEqual([{ key: 'configFile', origin, problem }]);
  });

  it('need not exist in the home folder, be that missing or a file', () => {
    for (const empty of [home('bob').HOME, '/nowhere', one]) {
      const { configFile } = loadUntyped({ logger }, { HOME: empty });
      expect([undefined, '/etc/kapacitor/kapacitor.conf']).toContain(configFile);
    }
  });

  it('is looked for in the home folder of the account where the environment names none', () => {
    const { configFile } = loadUntyped({ logger }, {});
    const { configFile: named } = loadUntyped({ logger }, { HOME: homedir() });
    expect(configFile).toBe(named);
  });

  it('is not looked for in a home folder that nobody knows: no HOME, and no account of that number', () => {
    jest.spyOn(os, 'homedir').mockImplementation(() => {
      throw Object.assign(new Error('ENOENT: uv_os_homedir'), { code: 'ERR_SYSTEM_ERROR' });
    });
    try {
      const { configFile } = loadUntyped({ logger }, {});
      expect([undefined, '/etc/kapacitor/kapacitor.conf']).toContain(configFile);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('can’t be a folder', () => {
    const path = join(folder.path, 'folder.conf');
    mkdirSync(path);
    const problem = `"${path}" is a folder`;
    expect(problemsOf({ configFile: path })).toEqual([
      { key: 'configFile', origin: 'code', problem },
    ]);
    mkdirSync(home('carol').conf);
    expect(problemsOf({}, { HOME: join(folder.path, 'carol') })).toMatchObject([
      { origin: 'default' },
    ]);
  });

  it('can’t be a pipe, for which nobody waits, nor larger than any configuration', () => {
    const pipe = join(folder.path, 'pipe.conf');
    execFileSync('mkfifo', [pipe]);
    expect(problemsOf({ configFile: pipe })).toMatchObject([
      { problem: `"${pipe}" is a pipe or a device, not a file` },
    ]);
    expect(problemsOf({ configFile: '/dev/zero' })).toMatchObject([
      { problem: '"/dev/zero" is a pipe or a device, not a file' },
    ]);
    const large = folder.write('large.conf', '#'.repeat(1_048_577));
    expect(problemsOf({ configFile: large })).toMatchObject([
      { problem: `"${large}" is larger than 1048576 bytes` },
    ]);
  });

  it('that every account may write is warned about', () => {
    const path = folder.write('open.conf', '[auth]\nbcrypt-cost = 7');
    const told = (): readonly string[] => {
      const told = rememberingLogger();
      load({ configFile: path, logger: told });
      return told.warnings;
    };
    chmodSync(path, 0o664);
    expect(told()).toEqual([]);
    chmodSync(path, 0o666);
    expect(told()).toEqual([
      `WRN_KAUTH_WRITABLE_FILE: every account of this machine may write ${path}, and so decide who gets in: chmod o-w`,
    ]);
  });

  it.each(['kapacitor.yaml', 'kapacitor.json', 'kapacitor', '.ini', 'kapacitor.conf.bak'])(
    'can’t be called %s',
    (name) => {
      const path = folder.write(name, '');
      expect(problemsOf({ configFile: path })).toEqual([
        {
          key: 'configFile',
          origin: path,
          problem:
            'is a file of an unknown kind; accepted: .conf and .toml are read as TOML, .ini as INI',
        },
      ]);
    },
  );

  it('may shout its ending', () => {
    expect(
      load({ configFile: folder.write('A.CONF', '[auth]\nbcrypt-cost = 7') }).auth.bcryptCost,
    ).toBe(7);
    expect(
      load({ configFile: folder.write('A.INI', '[auth]\nbcrypt-cost = 8') }).auth.bcryptCost,
    ).toBe(8);
  });

  it.each(['bom.conf', 'bom.ini'])('may begin with a byte order mark: %s', (name) => {
    const path = folder.write(name, '\ufeff[auth]\r\nbcrypt-cost = 7\r\n');
    const { auth, origins } = load({ configFile: path });
    expect([auth.bcryptCost, origins['auth.bcrypt-cost']]).toEqual([7, `${path}:2`]);
  });

  it.each(['latin1.conf', 'latin1.ini'])('must be UTF-8: %s', (name) => {
    const path = folder.write(name, Buffer.from('[auth]\nmeta-password = "p\u00e4ss"\n', 'latin1'));
    expect(problemsOf({ configFile: path })).toEqual([
      { key: 'configFile', origin: path, problem: 'is not UTF-8 text' },
    ]);
  });

  it.each([
    ['[auth\nenabled = true\n', 1, 6],
    ['[auth]\n  enabled = yes\n', 2, 13],
    ['[auth]\nenabled = true\nenabled = true\n', 3, 1],
    ['[auth]\nmeta-password = "open\n', 2, 22],
    ['[auth]\n[auth]\n', 2, 2],
    ['[auth]\nenabled true\n', 2, 9],
    ['\ufeff[auth]\nenabled = \n', 2, 11],
  ])('must be TOML when it is called .conf: %j', (text, line, column) => {
    const path = folder.write('syntax.conf', text);
    const [problem, ...others] = problemsOf({ configFile: path });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      key: 'configFile',
      origin: `${path}:${String(line)}:${String(column)}`,
    });
    expect(problem?.problem).toMatch(/^Invalid TOML document: [a-z, -]+/);
    expect(problem?.problem).not.toContain('\n');
  });

  it.each([
    ['[auth]\n[[influxdb]]\nenabled = false\n', 2],
    ['[auth\nenabled = false\n', 1],
    ['[auth] ; users\nenabled = false\n', 1],
    ['[auth]\n  [http]\n', 2],
    ['[auth]\n\nenabled\n', 3],
    ['[auth]\n= true\n', 2],
    ['[auth]\r\nenabled = true\r\nnonsense\r\n', 3],
  ])('must be plain INI when it is called .ini: %j', (text, line) => {
    const path = folder.write('syntax.ini', text);
    expect(problemsOf({ configFile: path })).toEqual([
      {
        key: 'configFile',
        origin: `${path}:${String(line)}:1`,
        problem: 'expected [section], key = value or a comment; TOML belongs in a .conf or .toml',
      },
    ]);
  });

  it('may be empty, or hold comments only', () => {
    for (const name of ['empty.conf', 'empty.toml', 'empty.ini']) {
      for (const text of ['', '\n', '# nothing\n']) {
        const path = folder.write(name, text);
        expect(load({ configFile: path })).toMatchObject({
          configFile: path,
          auth: { enabled: true },
        });
      }
    }
  });

  it.each(['auth = 5', 'auth = "on"', '[[auth]]\nenabled = true', 'auth = 2026-01-01'])(
    'has sections that are sections: not %j',
    (text) => {
      const path = folder.write('section.toml', text);
      const problem = 'is no section; accepted: keys with values';
      expect(problemsOf({ configFile: path })).toEqual([
        { key: 'auth', origin: `${path}:1`, problem },
      ]);
    },
  );

  it.each([
    ['[http]\nauth-enable = true', 'http.auth-enable', 'auth-enabled', 2],
    ['[http]\nbind-adress = ":9092"', 'http.bind-adress', 'bind-address', 2],
    ['[http]\nsharedSecret = "x"', 'http.sharedSecret', 'shared-secret', 2],
    ['[auth]\n\nmeta-use-ssl = true', 'auth.meta-use-ssl', 'meta-use-tls', 3],
    ['[auth]\nEnabled = true', 'auth.Enabled', 'enabled', 2],
  ])('has no unknown keys in our sections: %j', (text, key, closest, line) => {
    const path = folder.write('unknown.toml', text);
    const problem = `is unknown; the nearest known key is "${closest}"`;
    expect(problemsOf({ configFile: path })).toEqual([
      { key, origin: `${path}:${String(line)}`, problem },
    ]);
  });

  it.each([
    ['[HTTP]\nauth-enabled = false', 'HTTP', 'http'],
    ['[Auth]\nenabled = true', 'Auth', 'auth'],
  ])('has our sections in lower case, lest they be overlooked: not %j', (text, key, section) => {
    const path = folder.write('case.toml', text);
    const problem = `is unknown; the nearest known section is [${section}]`;
    expect(problemsOf({ configFile: path })).toEqual([{ key, origin: `${path}:1`, problem }]);
  });

  it('may have whatever it likes outside our sections', () => {
    const text =
      'huge = 9223372036854775807\n[storage]\ntype = 5\n[constructor]\nx = 1\n[__proto__]\nauth = 1\n';
    expect(load({ configFile: folder.write('foreign.toml', text) }).http.authEnabled).toBe(true);
    const ini = 'x = 1\n[__proto__]\nauth = 1\n[storage]\ntype = 5\n';
    expect(load({ configFile: folder.write('foreign.ini', ini) }).http.authEnabled).toBe(true);
  });

  it('passes on what the TOML parser can’t have meant', () => {
    jest.isolateModules(() => {
      const failing = {
        ...jest.requireActual<object>('smol-toml'),
        parse: () => {
          throw new RangeError('deep');
        },
      };
      jest.doMock('smol-toml', () => failing);
      const { parseToml } = jest.requireActual<
        typeof import('../../lib/config/sources/toml-file.js')
      >('../../lib/config/sources/toml-file.js');
      expect(() => parseToml('')).toThrow(RangeError);
    });
  });
});

describe('a value in an .ini file', () => {
  it.each([
    ['meta-username = our name', 'our name'],
    ['meta-username = "our ; name"', 'our ; name'],
    ['meta-username = our \\# name ; comment', 'our # name'],
    ['meta-username = a=b', 'a=b'],
    ['meta-username=', ''],
  ])('is text: %s', (line, name) => {
    const path = folder.write('text.ini', `[auth]\n${line}\n`);
    expect(load({ configFile: path }).auth.metaUsername).toBe(name);
  });

  it.each(["'0123456'", "'5'", "'[1]'", 'true', 'null'])('is never made another: %s', (text) => {
    const path = folder.write('made.ini', `[auth]\nmeta-password = ${text}\n`);
    const [problem] = text === "'0123456'" ? [undefined] : problemsOf({ configFile: path });
    if (problem === undefined) expect(load({ configFile: path }).auth.metaPassword).toBe('0123456');
    else expect(problem.problem).toMatch(/^its value is not accepted; accepted: text/);
  });

  it('is not a list', () => {
    const path = folder.write('list.ini', '[auth]\nmeta-addr[] = a:1\n');
    expect(problemsOf({ configFile: path })).toMatchObject([{ key: 'auth.meta-addr' }]);
  });
});
