import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kapacitorAuth } from '../../lib/index.js';
import { SECRET } from '../support/open-auth.js';
import { CommandLine } from './command-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('token', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = new CommandLine();
    await line.add('amy --permissions api');
    line.config = join(line.folder, 'kapacitor.conf');
    writeFileSync(line.config, `[http]\nshared-secret = "${SECRET}"\n`);
  });

  afterEach(() => {
    line.remove();
  });

  async function nameOf(token: string): Promise<string> {
    const auth = kapacitorAuth({ configFile: line.config, store: { path: line.store } });
    try {
      const headers = { authorization: `Bearer ${token}` };
      return (await auth.authenticate({ headers })).name;
    } finally {
      await auth.close();
    }
  }

  function claimsOf(token: string): { readonly exp: number; readonly iat: number } {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  }

  it('makes a token that lets in as the user, for five minutes', async () => {
    const { exitCode, stdout, stderr } = await line.run('token amy');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const token = stdout.trimEnd();
    expect(stdout).toBe(`${token}\n`);
    await expect(nameOf(token)).resolves.toBe('amy');
    const { exp, iat } = claimsOf(token);
    expect(exp - iat).toBe(300);
  });

  it('makes one for as long as is asked for, and tells scripts when it expires', async () => {
    const { stdout } = await line.run('token amy --lifetime 1h30m --json');
    const { token, username, expires } = JSON.parse(stdout);
    expect(username).toBe('amy');
    const { exp, iat } = claimsOf(token);
    expect(exp - iat).toBe(5400);
    expect(Math.abs(Date.parse(expires) / 1000 - exp)).toBeLessThanOrEqual(2);
  });

  it('tells a person what it is, apart from the token', async () => {
    const { stdout, stderr } = await line.runAt(new MemoryTerminal(), 'token amy');
    await expect(nameOf(stdout.trimEnd())).resolves.toBe('amy');
    expect(stderr).toMatch(/^who sends it is let in as amy until \d{4}-.*Bearer TOKEN\n$/);
  });

  it('says what is missing where there is no secret', async () => {
    writeFileSync(line.config, '');
    await expect(line.run('token amy')).resolves.toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'kapacitor-auth: http.shared-secret is not set, so tokens are refused: set it in kapacitor.conf or as KAPACITOR_HTTP_SHARED_SECRET\n',
    });
  });

  it.each([
    ['token zoe', 1, 'there is no user "zoe" in'],
    ['token amy --lifetime 5', 2, 'a lifetime is a duration'],
    ['token amy --lifetime -5m', 2, 'a lifetime is a duration'],
    ['token amy --lifetime 10ms', 2, 'a second or more'],
    ['token', 2, "missing required argument 'user'"],
  ])('%s exits with %d', async (words, exitCode, problem) => {
    const outcome = await line.run(words);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(problem);
    expect(outcome.stderr).not.toContain(SECRET);
  });
});
