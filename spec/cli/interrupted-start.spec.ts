import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { kapacitorAuth } from '../../lib/index.js';
import { basic } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();

/** Looks until a wait is given up: some minutes. */
const LOOKS = 10_000_000;

describe('a first start that is interrupted as soon as the administrator is made', () => {
  const root = temporaryFolder();
  const children: Child[] = [];

  afterEach(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
  });

  /** Starts a server in a new folder, and waits until its administrator is in the store. */
  async function startUntilMade(name: string, workers: number) {
    const folder = join(root, name);
    mkdirSync(folder);
    const words = `serve --port 0 --store users.json --workers ${String(workers)}`;
    const child = new Child(process.execPath, [MAIN, ...words.split(' ')], {
      cwd: folder,
      env: { KAPACITOR_AUTH_BCRYPT_COST: '4' },
    });
    children.push(child);
    const store = join(folder, 'users.json');
    const isMade = () => existsSync(store) && readFileSync(store, 'utf8').includes('"admin"');
    // It looks at each turn of the event loop: the end is to come as soon after as can be.
    for (let look = 0; look < LOOKS && child.process.exitCode === null && !isMade(); look += 1)
      await turn();
    expect(isMade()).toBe(true);
    return { child, folder };
  }

  async function expectKeptPassword(folder: string): Promise<void> {
    const kept = readdirSync(folder).filter((file) => file.startsWith('admin-password'));
    const passwords = new Set(kept.map((file) => readFileSync(join(folder, file), 'utf8').trim()));
    expect(passwords.size).toBe(1);
    const [password = ''] = passwords;
    const auth = kapacitorAuth({
      configFile: devNull,
      store: { path: join(folder, 'users.json') },
    });
    try {
      const headers = { authorization: basic('admin', password) };
      await expect(auth.authenticate({ headers })).resolves.toMatchObject({ admin: true });
    } finally {
      await auth.close();
    }
  }

  const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

  it.each(SIGNALS.flatMap((signal) => [1, 2].map((workers) => [signal, workers] as const)))(
    'ends in order by %s, and its password is in the file (%i workers)',
    async (signal, workers) => {
      const { child, folder } = await startUntilMade(`${signal}-${String(workers)}`, workers);
      child.process.kill(signal);
      await expect(child.exited).resolves.toBe(0);
      expect(child.stderr).toContain(`the password is in ${join(folder, 'admin-password')}: `);
      await expectKeptPassword(folder);
    },
  );

  it.each([1, 2])(
    'has its password in a file even if it is killed (%i workers)',
    async (workers) => {
      const { child, folder } = await startUntilMade(`killed-${String(workers)}`, workers);
      child.process.kill('SIGKILL');
      await child.exited;
      await expectKeptPassword(folder);
    },
  );

  it('keeps its password if a worker ends while the users are opened', async () => {
    const { child, folder } = await startUntilMade('worker', 2);
    const { pid } = child.process;
    const list = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
    process.kill(Number(list.trim().split(' ').at(-1)), 'SIGKILL');
    // Either it can't start, or the worker is replaced.
    await Promise.race([child.exited, child.until(/the password is in /)]);
    child.process.kill('SIGTERM');
    await child.exited;
    expect(child.stderr).toMatch(/the password is in \S+admin-password: /);
    await expectKeptPassword(folder);
  });
});
