import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { FirstPassword } from '../../lib/cli/first-password.js';
import { loadConfig } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Written } from './memory-terminal.js';

const PLACE = { url: 'http://127.0.0.1:9095', pages: undefined };
const PASSWORD = 'a-random-password';
const ADMIN = { name: 'admin', password: PASSWORD };

describe('the first password', () => {
  const root = temporaryFolder();
  let folder: string;

  beforeEach(() => {
    folder = join(root, 'place');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });

  const configOf = (path: string) => loadConfig({ configFile: devNull, store: { path } });
  const config = () => configOf(join(folder, 'users.db'));
  const files = () => readdirSync(folder).sort();
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

  function made(isTTY: boolean) {
    const stderr = new Written(isTTY);
    const logger = listeningLogger();
    return { first: new FirstPassword(stderr, logger), stderr, logger };
  }

  it('is in a private file before the administrator is made, and has its name after', async () => {
    const { first, stderr } = made(false);
    const kept = await first.keep(config(), PASSWORD);
    const [own = '', ...others] = files();
    expect(others).toEqual([]);
    expect(statSync(join(folder, own)).mode & 0o777).toBe(0o600);
    expect(textOf(own)).toBe(`${PASSWORD}\n`);
    await kept.settle();
    expect(files()).toEqual(['admin-password']);
    await first.tell(ADMIN, PLACE);
    expect(stderr.text).toContain(`the password is in ${join(folder, 'admin-password')}: `);
    expect(stderr.text).not.toContain(PASSWORD);
  });

  it('is in no file any more once a terminal has shown it', async () => {
    const { first, stderr } = made(true);
    await (await first.keep(config(), PASSWORD)).settle();
    expect(files()).toEqual(['admin-password']);
    await first.tell(ADMIN, PLACE);
    expect(stderr.text).toContain(`the password is shown only now: ${PASSWORD}\n`);
    expect(files()).toEqual([]);
  });

  it('never replaces that of another store of the folder', async () => {
    writeFileSync(join(folder, 'admin-password'), 'of another\n');
    await (await made(false).first.keep(config(), PASSWORD)).settle();
    expect(files()).toEqual(['admin-password', 'admin-password.users.db']);
    expect(textOf('admin-password')).toBe('of another\n');
    expect(textOf('admin-password.users.db')).toBe(`${PASSWORD}\n`);
  });

  it('is that of the start that made the administrator, if several start at once', async () => {
    const [slow, fast] = [made(false), made(false)];
    const dropped = await slow.first.keep(config(), 'of-nobody');
    const settled = await fast.first.keep(config(), PASSWORD);
    await Promise.all([settled.settle(), dropped.drop()]);
    expect(files().map(textOf)).toEqual([`${PASSWORD}\n`]);
    slow.first.tellOfFailure();
    expect(slow.stderr.text).toBe('');
  });

  it('is told of if the start fails after the administrator was made, or may have been', async () => {
    const { first, stderr } = made(true);
    const kept = await first.keep(config(), PASSWORD);
    first.tellOfFailure();
    expect(stderr.text).toMatch(/ may have been made; the password is in \S+: /);
    await kept.settle();
    first.tellOfFailure();
    expect(stderr.text).toContain(
      `the administrator was made; the password is in ${join(folder, 'admin-password')}: `,
    );
  });

  it('is shown before the administrator is made, once, if no file can be written', async () => {
    const { first, stderr, logger } = made(false);
    const kept = await first.keep(configOf(join(folder, 'missing/users.db')), PASSWORD);
    expect(stderr.text).toContain(PASSWORD);
    await kept.settle();
    await first.tell(ADMIN, PLACE);
    expect(stderr.text.split(PASSWORD)).toHaveLength(2);
    expect(stderr.text).toContain('the password is shown above\n');
    expect(logger.lines.join()).toContain('the first password is on standard error');
    expect(logger.lines.join()).not.toContain(PASSWORD);
  });

  it('is taken back where it was shown if another start made the administrator', async () => {
    const { first, stderr } = made(false);
    const kept = await first.keep(configOf(join(folder, 'missing/users.db')), PASSWORD);
    expect(stderr.text).not.toContain('not used');
    await kept.drop();
    expect(stderr.text).toMatch(/: a-random-password\n.*the password above is not used: /);
    const other = made(false);
    await (await other.first.keep(config(), PASSWORD)).drop();
    expect(other.stderr.text).toBe('');
  });

  it('is in no file if users are in memory, and shown', async () => {
    const { first, stderr } = made(false);
    await (await first.keep(configOf(':memory:'), PASSWORD)).settle();
    await first.tell(ADMIN, PLACE);
    expect(stderr.text).toContain(`the password is shown only now: ${PASSWORD}\n`);
  });

  it('of a start that was broken off is told of at later starts, beside the others', async () => {
    await made(false).first.keep(config(), PASSWORD);
    const [broken = ''] = files();
    for (const name of ['admin-password', 'admin-password.users.db', 'admin-password.of.else'])
      writeFileSync(join(folder, name), 'x');
    const { first, logger } = made(false);
    first.tellOfEarlier(config());
    expect(logger.lines.map((text) => text.split(' is still there')[0])).toEqual(
      ['admin-password', 'admin-password.users.db', broken].map(
        (name) => `warn ${join(folder, name)}`,
      ),
    );
  });
});
