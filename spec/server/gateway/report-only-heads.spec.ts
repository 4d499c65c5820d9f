import { MemoryUserStore } from '../../../lib/index.js';
import { startReporting } from './reporting-gateway.js';
import { StartedGateway, USERS } from './started-gateway.js';

const TEAM = {
  name: 'team',
  password: 'team-password',
  grants: ['read:tasks', 'all:tasks/team-a.*', 'write:write/db'],
};
type Fields = Readonly<Record<string, string>>;

const NAMES = [undefined, ...[...USERS, TEAM].map(({ name }) => name)];
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'];
const TARGETS = [
  '/kapacitor/v1/tasks',
  '/kapacitor/v1/tasks?a=1&a=2',
  '/kapacitor/v1/tasks?a=1;b=2',
  '/kapacitor/v1/tasks?%zz=1',
  '/kapacitor/v1/tasks/team-a.cpu',
  '/kapacitor/v1/%74asks/team-a.cpu?a;b',
  '/kapacitor/v1/tasks/billing',
  '/kapacitor/v1preview/templates',
  '/kapacitor/v1/config',
  '/kapacitor/v1/storage/stores',
  '/write',
  '/write?db=db',
  '/write?db=db&db=other',
  '/ping?x;y',
  '/debug/vars',
];
const FROM = { Origin: 'https://page.example', 'Sec-Fetch-Site': 'cross-site' };
const JSON_FROM = { ...FROM, 'Content-Type': 'application/json' };

/** An id that every body may have whose head may pass. */
const BODY = JSON.stringify({ id: 'team-a.cpu' });

/** A page of another site can only send what a form can, which is `POST`. */
const REQUESTS = NAMES.flatMap((name) =>
  METHODS.flatMap((method) =>
    TARGETS.flatMap((target) => {
      const fields: readonly Fields[] = method === 'POST' ? [{}, FROM, JSON_FROM] : [{}];
      return fields.map((headers) => ({ name, method, target, headers }));
    }),
  ),
);

/** The code in the line of the log that each request has, in their order. */
async function codes(gateway: StartedGateway, key: 'code' | 'reported'): Promise<unknown[]> {
  // From now on nobody's password has to be compared, which would take longer than an answer.
  for (const name of NAMES) await (await gateway.fetch('/kapacitor/v1/whoami', name)).text();
  await gateway.log.linesOnce('request', NAMES.length);
  gateway.log.text = '';
  const found: unknown[] = [];
  for (const { name, method, target, headers } of REQUESTS) {
    const body = method === 'GET' ? {} : { body: BODY };
    await (await gateway.fetch(target, name, { method, headers, ...body })).text();
    const lines = await gateway.log.linesOnce('request', 1);
    gateway.log.text = '';
    found.push(lines.at(-1)?.[key]);
  }
  return found;
}

describe.each([false, true])('with read-tasks = %s, a gateway that only reports', (readTasks) => {
  it('reports just what an enforcing one refuses by the head of a request', async () => {
    const options = { store: new MemoryUserStore([...USERS, TEAM]), auth: { bcryptCost: 4 } };
    const reporting = await startReporting(options, { readTasks });
    const enforcing = await StartedGateway.start({ ...options, gateway: { readTasks } });
    try {
      const refused = await codes(enforcing, 'code');
      const reported = await codes(reporting, 'reported');
      const differing = REQUESTS.map((asked, index) => ({
        ...asked,
        refused: refused[index],
        reported: reported[index],
      })).filter((each) => each.refused !== each.reported);
      expect(differing).toEqual([]);
      const kinds = new Set(refused);
      expect([...kinds].sort()).toEqual([
        'ERR_KAUTH_AMBIGUOUS_PATH',
        'ERR_KAUTH_CREDENTIALS_MISSING',
        'ERR_KAUTH_FORBIDDEN',
        undefined,
      ]);
    } finally {
      await enforcing.stop();
    }
  });
});
