import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('config', () => {
  let folder: string;
  let file: string;
  let terminal: MemoryTerminal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    file = join(folder, 'kapacitor.conf');
    terminal = new MemoryTerminal();
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
    expect(terminal.stdout.text).toBe(`the configuration is valid (${file})\n`);
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
    expect(terminal.stderr.text).toMatch(/^kapacitor-auth: .*2 problems:\n[^\n]+\n[^\n]+\n$/);
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
        ['store.path', 'x.json', 'code'],
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
