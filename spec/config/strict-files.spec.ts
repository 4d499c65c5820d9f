import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  load,
  loadUntyped,
  problemsOf,
  rememberingLogger,
  temporaryFolder,
} from './config-files.js';

const folder = temporaryFolder();

describe('a number in kapacitor.conf', () => {
  it.each(['10.0', '1e1', '1e3', 'inf', 'nan', '-0.0'])('is no float: %s', (written) => {
    const path = folder.write('float.conf', `[auth]\nbcrypt-cost = ${written}\n`);
    expect(problemsOf({ configFile: path })).toEqual([
      expect.objectContaining({ key: 'auth.bcrypt-cost', origin: `${path}:2` }),
    ]);
    expect(problemsOf({ configFile: path })[0]?.problem).toMatch(/^a float .*accepted/);
  });

  it.each(['10', '1_0', '0xA', '0o12', '0b1010', '+10'])('is an integer: %s', (written) => {
    const path = folder.write('integer.conf', `[auth]\nbcrypt-cost = ${written}\n`);
    expect(load({ configFile: path }).auth.bcryptCost).toBe(10);
  });

  it('may be anything in sections of others', () => {
    const text = '[stats]\ninterval = 1.5\nlarge = 9223372036854775807\n[auth]\nbcrypt-cost = 9\n';
    expect(load({ configFile: folder.write('others.conf', text) }).auth.bcryptCost).toBe(9);
  });
});

describe('a key in an .ini file', () => {
  it('is given once', () => {
    const text = '[auth]\nbcrypt-cost = 10\ncache-expiration = 1m\n[stats]\na = 1\na = 2\n';
    const path = folder.write('once.ini', text);
    expect(load({ configFile: path }).auth.bcryptCost).toBe(10);
    const twice = folder.write('twice.ini', `${text}[auth]\nbcrypt-cost=4\n`);
    expect(problemsOf({ configFile: twice })).toEqual([
      {
        key: 'configFile',
        origin: `${twice}:8:1`,
        problem: 'auth.bcrypt-cost is given a second time; accepted: once',
      },
    ]);
  });
});

describe('a shared secret in a kapacitor.conf', () => {
  const secret = 'a shared secret that is long enough, yes';
  const http = (more = ''): string => `[http]\nshared-secret = "${secret}"\n${more}`;

  /** The secret in force, if the text stands where Kapacitor keeps its file. */
  function found(text: string): string {
    const home = join(folder.path, 'home');
    mkdirSync(join(home, '.kapacitor'), { recursive: true });
    writeFileSync(join(home, '.kapacitor/kapacitor.conf'), text);
    return loadUntyped({ logger: rememberingLogger() }, { HOME: home }).http.sharedSecret;
  }

  it('counts in a file that was only found if that switches authentication on', () => {
    expect(found(http())).toBe('');
    expect(found(http('auth-enabled = true\n'))).toBe(secret);
  });

  it('counts in a file that was named, unless that switches authentication off', () => {
    const configFile = folder.write('named.conf', http());
    expect(load({ configFile }).http.sharedSecret).toBe(secret);
    const off = folder.write('off.conf', http('auth-enabled = false\n'));
    expect(load({ configFile: off, http: { authEnabled: true } }).http.sharedSecret).toBe('');
  });
});
