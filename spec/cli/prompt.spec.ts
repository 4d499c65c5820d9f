import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();

describe('the command line at a real terminal', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a command in a pseudo-terminal of util-linux's script. */
  function type(words: string, env: Readonly<Record<string, string>> = {}): Child {
    const command = `exec "${process.execPath}" "${MAIN}" ${words}`;
    return new Child('script', ['-qec', command, '/dev/null'], { cwd: folder, env });
  }

  it('asks for a password twice and shows nothing of it', async () => {
    const child = type('users add amy --type admin');
    await child.until(/New password of amy: /);
    child.process.stdin.write('typed-secret\r');
    await child.until(/The same again: /);
    child.process.stdin.write('typed-secret\r');
    await expect(child.exited).resolves.toBe(0);
    expect(child.output).toContain('added amy (admin; permissions: all)');
    expect(child.output).not.toMatch(/typed|\*/);
  });

  it('shows colours, unless NO_COLOR is set', async () => {
    const colourful = type('config check', { TERM: 'xterm-256color' });
    await expect(colourful.exited).resolves.toBe(0);
    expect(colourful.output).toContain('\u001b[32mthe configuration is valid\u001b[39m');
    const plain = type('config check', { TERM: 'xterm-256color', NO_COLOR: '1' });
    await expect(plain.exited).resolves.toBe(0);
    expect(plain.output).toMatch(/^the configuration is valid/);
    const dumb = type('config check', { TERM: 'dumb' });
    await expect(dumb.exited).resolves.toBe(0);
    expect(dumb.output).toMatch(/^the configuration is valid/);
  });

  it('shows no password that is typed for --password-stdin: it reads none there', async () => {
    const child = type('users add amy --password-stdin');
    await expect(child.exited).resolves.toBe(2);
    expect(child.output).toContain('standard input is a terminal, which would show the password');
    expect(existsSync(join(folder, 'kapacitor-auth.db'))).toBe(false);
  });

  it('changes nothing after Ctrl-C', async () => {
    const child = type('users add amy');
    await child.until(/New password of amy: /);
    child.process.stdin.write('typed-secret\u0003');
    await expect(child.exited).resolves.toBe(1);
    expect(child.output).toContain('kapacitor-auth: no password was given');
    expect(child.output).not.toContain('typed');
    const list = type('users list');
    await expect(list.exited).resolves.toBe(0);
    expect(list.output).not.toContain('amy');
  });

  it('tells a person where the server listens and how to log in', async () => {
    const child = type('serve --port 0');
    await child.until(/curl -u admin:\S+ http:\/\/127\.0\.0\.1:\d+\/kapacitor\/v1\/whoami/);
    expect(child.output).toMatch(
      /kapacitor-auth \d+\.\d+\.\d+ listens on http:\/\/127\.0\.0\.1:\d+/,
    );
    expect(child.output).toContain(`users:          ${join(folder, 'kapacitor-auth.db')} (sqlite)`);
    expect(child.output).toContain('configuration:  ');
    child.process.stdin.write('\u0003');
    await expect(child.exited).resolves.toBe(0);
    expect(child.output).toContain('SIGINT: no more requests are accepted');
  });
});
