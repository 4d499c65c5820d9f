import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInstalled } from '../support/describe-installed.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();

/** Bytes of a file beyond which a write of this process and its children is cut short, as on a full disk. */
const FULL = 32 * 1_024;

describeInstalled('prlimit', 'a server whose log is a file on a disk that is full', (prlimit) => {
  const folder = temporaryFolder();
  const log = join(folder, 'log.txt');
  const children: Child[] = [];

  afterEach(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
  });

  const text = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');

  function serve(): Child {
    // The signal of a file that is too large would end the process.
    const preload = join(folder, 'survive.cjs');
    writeFileSync(preload, "process.on('SIGXFSZ', () => undefined);");
    const limit = `"${prlimit}" --pid $$ --fsize=${String(FULL)}:unlimited`;
    const words = `--require "${preload}" "${MAIN}" serve --port 0 --store users.json`;
    const script = `${limit}; exec "${process.execPath}" ${words} >> "${log}"`;
    const child = new Child('/bin/sh', ['-c', script], {
      cwd: folder,
      env: {
        ...{ KAPACITOR_ADMIN_PASSWORD: 'a-password', KAPACITOR_AUTH_BCRYPT_COST: '4' },
        KAPACITOR_METRICS_ENDPOINT: 'open',
      },
    });
    children.push(child);
    return child;
  }

  it('tells the number of all lines that are missing, and cuts no other line', async () => {
    const child = serve();
    let url: string | undefined;
    await until('the server listens', () => {
      expect(child.process.exitCode).toBeNull();
      [, url] = /"listening on (http:\S+), users in /.exec(text()) ?? [];
      return url !== undefined;
    });
    let sent = 0;
    const ask = async () => {
      sent += 1;
      await (await fetch(`${String(url)}/health?n=${String(sent)}`)).text();
    };
    await until('the disk is full', async () => {
      await Promise.all([1, 2, 3, 4, 5].map(ask));
      return child.stderr.includes('the log loses lines');
    });
    await Promise.all([1, 2, 3, 4, 5].map(ask));
    expect(text()).toHaveLength(FULL);
    execFileSync(prlimit, ['--pid', String(child.process.pid), '--fsize=unlimited:unlimited']);
    await until('the loss is told', async () => {
      await ask();
      return text().includes('"lost":');
    });
    const metrics = await (await fetch(`${String(url)}/metrics`)).text();
    child.process.kill('SIGTERM');
    await expect(child.exited).resolves.toBe(0);

    const lines = text().trimEnd().split('\n');
    const isWhole = (line: string) => /^\{.*\}$/.test(line);
    expect(lines.filter((line) => !isWhole(line)).length).toBeLessThanOrEqual(1);
    for (const line of lines.filter(isWhole)) JSON.parse(line);
    const written = lines.filter((line) => isWhole(line) && line.includes('/health?n='));
    const missing = sent - written.length;
    const told = Array.from(text().matchAll(/"lost":(\d+)/g), ([, count]) => Number(count));
    expect(told).toEqual([missing]);
    expect(metrics).toContain(
      `kapacitor_auth_log_lines_lost_total{log="server"} ${String(missing)}\n`,
    );
    expect(child.stderr.match(/the log loses lines: EFBIG/g)).toHaveLength(1);
  });
});
