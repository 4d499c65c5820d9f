import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/until.js';
import { ADMIN, Served } from './served.js';

let served: Served;

beforeEach(() => {
  served = new Served();
});

afterEach(async () => {
  await served.end();
});

/** The lines of a text, each as JSON. */
function parsed(lines: string): readonly Record<string, unknown>[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('several workers', () => {
  it('count failed logins as one: 10 of 100 wrong passwords at once are tried', async () => {
    await served.start();
    await served.change('POST', 'users', { name: 'amy', password: 'right', permissions: ['api'] });
    const guesses = Array.from(
      { length: 100 },
      (_, index) => ['amy', `wrong-${String(index)}`] as const,
    );
    const statuses = await Promise.all(guesses.map((login) => served.status(login)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(90);
    expect(served.answered.length).toBeGreaterThanOrEqual(3);
    for (const agent of served.connections(6)) {
      await expect(served.status(['amy', 'right'], agent)).resolves.toBe(429);
    }
  });

  it('write one log of whole lines, also of long ones', async () => {
    await served.start();
    const agents = served.connections(9);
    const long = 'x'.repeat(12_000);
    const perAgent = 300;
    await Promise.all(
      agents.map(async (agent, sender) => {
        for (let index = 0; index < perAgent; index += 1) {
          const mark = `${String(sender)}-${String(index)}`;
          const path = `/kapacitor/v1/${mark}/${index % 10 === 0 ? long : ''}`;
          await served.send({ agent, path, login: ADMIN });
        }
      }),
    );
    served.child.process.kill('SIGTERM');
    await expect(served.child.exited).resolves.toBe(0);
    const requests = parsed(served.child.stdout).filter(({ msg }) => msg === 'request');
    const marks = requests.map(({ path }) => /\/v1\/(\d+-\d+)/.exec(String(path))?.[1]);
    expect(new Set(marks).size).toBe(agents.length * perAgent);
    expect(served.child.stderr).not.toContain('loses');
  });

  it('write one audit log, which SIGHUP begins anew', async () => {
    await served.start('--workers 3 --audit-log audit.log', {
      KAPACITOR_THROTTLE_ENABLED: 'false',
    });
    const agents = served.connections(6);
    const refuse = (name: string) =>
      Promise.all(agents.map((agent) => served.status([name, 'wrong'], agent)));
    const file = (name: string) => readFileSync(join(served.folder, name), 'utf8');
    const events = (name: string) => parsed(file(name)).map(({ event }) => event);
    await refuse('admin');
    await until('all lines are written', () => events('audit.log').length >= 7);
    renameSync(join(served.folder, 'audit.log'), join(served.folder, 'audit.log.1'));
    served.child.process.kill('SIGHUP');
    await until('a new file is there', () => existsSync(join(served.folder, 'audit.log')));
    await refuse('admin');
    await served.change('POST', 'users', { name: 'amy', password: 'amy-password' });
    served.child.process.kill('SIGTERM');
    await expect(served.child.exited).resolves.toBe(0);
    expect(events('audit.log.1')).toEqual(['userChanged', ...Array.from(agents, () => 'rejected')]);
    expect(events('audit.log')).toEqual([...Array.from(agents, () => 'rejected'), 'userChanged']);
    expect(served.child.output).not.toContain('"event"');
  });

  it('show the metrics of all, which do not fall when one is killed', async () => {
    await served.start('--workers 3', { KAPACITOR_METRICS_ENDPOINT: 'open' });
    const metrics = async () => (await served.send({ path: '/metrics' })).body;
    const count = (text: string, series: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(series))
          ?.slice(series.length) ?? NaN,
      );
    const authenticated = 'kapacitor_auth_requests_total{outcome="authenticated",code=""} ';
    const agents = served.connections(6);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(agents.map((agent) => served.status(ADMIN, agent)));
    }
    expect(served.answered.length).toBeGreaterThanOrEqual(3);
    const before = await metrics();
    expect(count(before, authenticated)).toBe(60);
    const runs = count(before, 'kapacitor_auth_bcrypt_seconds_count ');
    expect(count(before, 'kapacitor_auth_bcrypt_seconds_bucket{le="+Inf"} ')).toBe(runs);
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(before).toContain('kapacitor_auth_bcrypt_running 0\n');
    expect(before).toContain('kapacitor_auth_log_lines_lost_total{log="server"} 0\n');
    expect(before.match(/^# TYPE kapacitor_auth_requests_total /gm)).toHaveLength(1);
    process.kill(served.anyWorker(), 'SIGKILL');
    await served.child.until(/a worker ended \(SIGKILL\)/);
    expect(count(await metrics(), authenticated)).toBe(60);
    await Promise.all(served.connections(3).map((agent) => served.status(ADMIN, agent)));
    expect(count(await metrics(), authenticated)).toBe(63);
  });
});
