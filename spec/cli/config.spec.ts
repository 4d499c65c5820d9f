import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import { optionRows } from '../../lib/config/option-rows.js';
import { Child, installedMain } from './child.js';
import { MemoryTerminal } from './memory-terminal.js';

const MAIN = installedMain();

describe('config', () => {
  let folder: string;
  let file: string;
  let terminal: MemoryTerminal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    file = join(folder, 'kapacitor.conf');
    terminal = new MemoryTerminal('');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function config(...words: readonly string[]): Promise<number> {
    return run(['config', ...words], terminal);
  }

  it('check names the file that is valid', async () => {
    writeFileSync(file, '[auth]\nbcrypt-cost = 11\n');
    await expect(config('check', '--config', file)).resolves.toBe(0);
    expect(terminal.stdout.text).toBe(
      [
        `the configuration is valid (${file})`,
        '',
        'OPTION            VALUE  ORIGIN',
        `auth.bcrypt-cost  11     ${file}:2`,
        '',
        'All other options have their defaults: see "config show".',
        '',
      ].join('\n'),
    );
  });

  it('check says when there is no file', async () => {
    await expect(config('check', '--config', devNull)).resolves.toBe(0);
    expect(terminal.stdout.text).toBe(
      'the configuration is valid (no file, only environment and defaults)\n',
    );
  });

  it('check lists every problem', async () => {
    writeFileSync(file, '[auth]\nbcrypt-cost = 99\ncache-expiration = "soon"\n');
    await expect(config('check', '--config', file)).resolves.toBe(1);
    expect(terminal.stdout.text).toBe('');
    expect(terminal.stderr.text).toMatch(
      /^kapacitor-auth: .*2 problems:\n[^\n]+\n[^\n]+\n {2}see \S+#err_kauth_config\n$/,
    );
  });

  it('check tells what is doubtful, and no secret', async () => {
    writeFileSync(file, '[http]\nshared-secret = "too-short"\n[auth]\ncache-expiration = "0s"\n');
    await expect(config('check', '--config', file)).resolves.toBe(0);
    const { text } = terminal.stdout;
    expect(text).toMatch(/^http\.shared-secret +\(set\) +\S+:2$/m);
    expect(text).toMatch(
      /^warning: WRN_KAUTH_SHORT_SECRET: http\.shared-secret \(\S+:2\) is shorter/m,
    );
    expect(text).toMatch(
      /^warning: WRN_KAUTH_NO_CACHE: auth\.cache-expiration.*\n {2}see \S+#wrn_kauth_no_cache$/m,
    );
    expect(text).not.toContain('too-short');
    expect(terminal.stderr.text).toBe('');
  });

  const BEFORE_OTHERS = 'upstream = "http://127.0.0.1:1"\nupstream-authenticates = true\n';

  it.each([
    ['', 'auth.enforce'],
    ['upstream = "http://127.0.0.1:1"\n', 'auth.enforce'],
    [
      `${BEFORE_OTHERS}upstream-username = "x"\nupstream-password = "password"\n`,
      'gateway.upstream-username',
    ],
    [BEFORE_OTHERS, undefined],
  ])(
    'check tells that refusals are only reported, and if serve starts so: %p',
    async (gateway, refused) => {
      writeFileSync(file, `[auth]\nenforce = "report"\n[gateway]\n${gateway}`);
      await expect(config('check', '--config', file)).resolves.toBe(refused === undefined ? 0 : 1);
      const app = new MemoryTerminal('');
      await expect(run(['config', 'check', '--app', '--config', file], app)).resolves.toBe(0);
      expect(app.stdout.text).toContain(
        `warning: WRN_KAUTH_REPORT_ONLY: auth.enforce (${file}:2) is "report"`,
      );
      expect(app.stderr.text).toBe('');
      if (refused === undefined) {
        expect(terminal.stdout.text).toBe(app.stdout.text);
        expect(app.stdout.text).not.toContain('would not start');
      } else {
        expect(terminal.stderr.text).toContain(`${refused} (${file}:`);
        expect(app.stdout.text).toContain(`warning: serve would not start: ${refused} (${file}:`);
      }
    },
  );

  async function startsAndEnds(words: readonly string[]): Promise<void> {
    const env = { KAPACITOR_ADMIN_PASSWORD: 'a-password', KAPACITOR_AUTH_BCRYPT_COST: '4' };
    const child = new Child(process.execPath, [MAIN, ...words], { cwd: folder, env });
    try {
      await child.until(/listening on/);
      child.process.kill('SIGTERM');
      await expect(child.exited).resolves.toBe(0);
    } finally {
      child.process.kill('SIGKILL');
      await child.exited;
    }
  }

  const REPORT = '[auth]\nenforce = "report"\n';
  const UPSTREAM = '[gateway]\nupstream = "https://127.0.0.1:1"\n';

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['a certificate without its key', '[gateway]\ntls-cert = "x"\n', [], ['gateway.tls-key']],
    [
      'a certificate and a key that are missing',
      '[gateway]\ntls-cert = "no.pem"\ntls-key = "no.key"\n',
      [],
      ['gateway.tls-cert', 'gateway.tls-key'],
    ],
    [
      'an authority that is missing',
      `${UPSTREAM}upstream-ca = "no.pem"\n`,
      [],
      ['gateway.upstream-ca'],
    ],
    ['half of a pair', `${UPSTREAM}upstream-cert = "no.pem"\n`, [], ['gateway.upstream-key']],
    ['an audit log in no folder', '[audit]\npath = "nowhere/audit.log"\n', [], ['audit.path']],
    ['an audit log that is a folder', '[audit]\npath = "/"\n', [], ['audit.path']],
    [
      'several problems',
      `${REPORT}[audit]\npath = "nowhere/x"\n`,
      [],
      ['auth.enforce', 'audit.path'],
    ],
    ['no authentication', '[http]\nauth-enabled = false\n', [], ['http.auth-enabled']],
    ['memory of one process', '[store]\npath = ":memory:"\n', ['--workers', '2'], ['store.path']],
    ['memory of the only process', '[store]\npath = ":memory:"\n', [], []],
    [
      'authentication switched on',
      '[http]\nauth-enabled = false\n',
      ['--auth-enabled', 'true'],
      [],
    ],
    [
      'an upstream that is typed',
      `${REPORT}[gateway]\nupstream-authenticates = true\n`,
      ['--upstream', 'http://127.0.0.1:1'],
      [],
    ],
    ['files of an upstream that is not set', '[gateway]\nupstream-ca = "no.pem"\n', [], []],
  ])('check refuses what serve would refuse: %s', async (_what, text, words, keys) => {
    writeFileSync(file, text);
    const given = ['check', '--config', file, ...words];
    await expect(config(...given, '--json')).resolves.toBe(keys.length === 0 ? 0 : 1);
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({
      valid: keys.length === 0,
      problems: keys.map((key) => ({ key })),
    });
    const people = new MemoryTerminal('');
    await run(['config', ...given], people);
    const { stdout, stderr } = people;
    expect(keys.every((key) => stderr.text.includes(`\n  ${key} (`))).toBe(true);
    expect(stderr.text.includes('serve would not start')).toBe(keys.length > 0);
    expect(stderr.text.includes('--app')).toBe(keys.length > 0);
    expect(stdout.text === '').toBe(keys.length > 0);
    await expect(run(['config', ...given, '--app'], new MemoryTerminal(''))).resolves.toBe(0);
    // A server says the same.
    const served = ['serve', '--port', '0', ...given.slice(1)];
    if (keys.length === 0) {
      await startsAndEnds(served);
      return;
    }
    const refusing = new MemoryTerminal('');
    await expect(run(served, refusing)).resolves.toBe(1);
    expect(refusing.stderr.text).toContain(`\n  ${keys[0] ?? ''} (`);
  });

  it('check names what was typed by its flag', async () => {
    await expect(config('check', '--config', devNull, '--tls-cert', 'no.pem')).resolves.toBe(1);
    expect(terminal.stderr.text).toContain('\n  gateway.tls-key (default): is not set');
    const other = new MemoryTerminal('');
    await run(['config', 'check', '--config', devNull, '--audit-log', 'no/where'], other);
    expect(other.stderr.text).toContain('\n  --audit-log (command line): ');
  });

  it('check tells scripts what was typed, too', async () => {
    const typed = ['--config', devNull, '--upstream', 'http://127.0.0.1:1', '--tls-cert', 'no.pem'];
    await expect(config('check', '--json', ...typed, '--tls-key', 'no.key')).resolves.toBe(1);
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({
      options: expect.arrayContaining([
        { key: 'gateway.upstream', value: 'http://127.0.0.1:1', origin: 'command line' },
      ]) as unknown,
      problems: [
        { key: 'gateway.tls-cert', origin: 'command line' },
        { key: 'gateway.tls-key', origin: 'command line' },
      ],
    });
    const app = new MemoryTerminal('');
    await run(['config', 'check', '--app', ...typed, '--tls-key', 'no.key'], app);
    expect(app.stdout.text).toContain('serve would not start: --tls-cert (command line) ');
    expect(app.stdout.text).not.toMatch(/\bcode\b/);
  });

  it('check notes names that are probably misspelt', async () => {
    writeFileSync(file, '[stor]\npath = "x"\n');
    await expect(config('check', '--config', file)).resolves.toBe(0);
    expect(terminal.stdout.text).toContain(
      `left aside: [stor] (${file}:1) is unknown and does not count; is [store] meant?\n`,
    );
  });

  it('check tells scripts all of it', async () => {
    writeFileSync(file, '[http]\nshared-secret = "too-short"\n');
    await expect(config('check', '--json', '--config', file)).resolves.toBe(0);
    const outcome: unknown = JSON.parse(terminal.stdout.text);
    expect(outcome).toMatchObject({
      valid: true,
      configFile: file,
      warnings: [expect.stringContaining('WRN_KAUTH_SHORT_SECRET')],
      problems: [],
    });
    expect(outcome).toHaveProperty(
      'options',
      expect.arrayContaining([{ key: 'http.shared-secret', value: '(set)', origin: `${file}:2` }]),
    );
    expect(terminal.stdout.text).not.toContain('too-short');
  });

  it('check tells scripts every problem', async () => {
    writeFileSync(file, '[auth]\nbcrypt-cost = 99\n[store]\ntype = "cloud"\n');
    await expect(config('check', '--json', '--config', file)).resolves.toBe(1);
    expect(JSON.parse(terminal.stdout.text)).toEqual({
      valid: false,
      warnings: [],
      problems: [
        { key: 'auth.bcrypt-cost', origin: `${file}:2`, problem: expect.any(String) as unknown },
        { key: 'store.type', origin: `${file}:4`, problem: expect.any(String) as unknown },
      ],
    });
    expect(terminal.stderr.text).toBe('');
  });

  it('show warns of what is doubtful, apart from the table', async () => {
    writeFileSync(file, '[http]\nshared-secret = "too-short"\n');
    await expect(config('show', '--json', '--config', file)).resolves.toBe(0);
    expect(JSON.parse(terminal.stdout.text)).toHaveLength(optionRows.length);
    expect(terminal.stderr.text).toMatch(
      /^kapacitor-auth: warning: WRN_KAUTH_SHORT_SECRET[^\n]+\n {2}see \S+#wrn_kauth_short_secret\n$/,
    );
  });

  it('show tells each value and its origin, and no secret', async () => {
    const secret = 'a-secret-of-at-least-thirty-two-bytes';
    writeFileSync(file, `[http]\nshared-secret = "${secret}"\n[auth]\nbcrypt-cost = 11\n`);
    await expect(config('show', '--config', file, '--store', 'x.json')).resolves.toBe(0);
    const rows = terminal.stdout.text.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows).toEqual(
      expect.arrayContaining([
        ['OPTION', 'VALUE', 'ORIGIN'],
        ['http.shared-secret', '(set)', `${file}:2`],
        ['auth.bcrypt-cost', '11', `${file}:4`],
        ['auth.meta-addr', '""', 'default'],
        ['store.path', 'x.json', 'command line'],
      ]),
    );
    expect(terminal.stdout.text).not.toContain(secret);
  });

  it('show tells the same as JSON', async () => {
    await expect(config('show', '--json', '--config', devNull)).resolves.toBe(0);
    expect(JSON.parse(terminal.stdout.text)).toEqual(
      expect.arrayContaining([{ key: 'auth.bcrypt-cost', value: 10, origin: 'default' }]),
    );
  });
});
