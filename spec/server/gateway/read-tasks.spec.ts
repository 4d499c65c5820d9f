import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { MemoryUserStore } from '../../../lib/index.js';
import { login, StartedGateway } from './started-gateway.js';

const TASKS = '/kapacitor/v1/tasks';

/** Users who may create the tasks of the team, too. */
const OTHERS = ['two', 'three', 'four'] as const;

const store = () =>
  new MemoryUserStore([
    {
      name: 'team',
      password: 'team-password',
      grants: ['read:tasks', 'all:tasks/team-a.*', 'write:templates/t'],
    },
    { name: 'reader', password: 'reader-password', grants: ['read:tasks', 'all:taskset/a'] },
    ...OTHERS.map((name) => ({
      name,
      password: `${name}-password`,
      grants: ['all:tasks/team-a.*'],
    })),
    { name: 'api', password: 'api-password', permissions: ['api'], grants: ['none:tasks/billing'] },
  ]);

describe.each([true, false])('a gateway with read-tasks = %s', (readTasks) => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start({ store: store(), gateway: { readTasks } });
  });

  afterAll(() => gateway.stop());

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  it.each<[name: string, method: string, path: string, body: object, read: number, unread: number]>(
    [
      ['team', 'POST', TASKS, { id: 'team-a.cpu' }, 200, 403],
      ['team', 'POST', '/kapacitor/v1preview/tasks/', { id: 'team-a.cpu' }, 200, 403],
      ['team', 'POST', '/kapacitor/v1/%74asks', { id: 'team-a.é' }, 200, 403],
      ['team', 'POST', TASKS, { id: 'billing' }, 403, 403],
      ['team', 'POST', TASKS, { id: 'TEAM-A.cpu' }, 403, 403],
      ['team', 'POST', TASKS, {}, 403, 403],
      ['team', 'POST', TASKS, { id: '' }, 403, 403],
      ['team', 'POST', TASKS, { id: null }, 403, 403],
      ['team', 'PATCH', `${TASKS}/team-a.cpu`, { script: 'x' }, 200, 200],
      ['team', 'PATCH', `${TASKS}/team-a.cpu`, { id: 'team-a.mem' }, 200, 200],
      ['team', 'PATCH', `${TASKS}/team-a.cpu`, { id: 'billing' }, 403, 200],
      ['team', 'PATCH', `${TASKS}/billing`, { id: 'team-a.cpu' }, 403, 403],
      ['team', 'POST', '/kapacitor/v1/templates', { id: 't' }, 200, 403],
      ['team', 'POST', '/kapacitor/v1/templates', { id: 'u' }, 403, 403],
      ['team', 'PATCH', '/kapacitor/v1/templates/t', { id: 'u' }, 403, 200],
      ['api', 'POST', TASKS, { id: 'cpu' }, 200, 200],
      ['api', 'POST', TASKS, {}, 200, 200],
      ['api', 'POST', TASKS, { id: 'billing' }, 403, 200],
      ['api', 'POST', TASKS, { id: 'BILLING' }, 403, 200],
      ['api', 'PATCH', `${TASKS}/cpu`, { id: 'billing' }, 403, 200],
    ],
  )('judges %s: %s %s with %j', async (name, method, path, document, read, unread) => {
    const body = JSON.stringify(document);
    const answer = await gateway.fetch(path, name, { method, body });
    expect(answer.status).toBe(readTasks ? read : unread);
    const seen = gateway.upstream.seen.map((one) => Buffer.from(one.body, 'latin1').toString());
    expect(seen).toEqual(answer.status === 200 ? [body] : []);
  });
});

describe('a gateway that reads tasks', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start({ store: store(), gateway: { readTasks: true } });
  });

  afterAll(() => gateway.stop());

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  it('forwards what it judged, in its own words and with their length', async () => {
    const body = ' { "vars": {"a": {"value": 1.50, "x": 1, "x": 2}},\n "\\u0069d": "team-a.cpu" } ';
    const { status } = await gateway.fetch(TASKS, 'team', { method: 'POST', body });
    const [seen] = gateway.upstream.seen;
    const expected = '{"vars":{"a":{"value":1.5,"x":2}},"id":"team-a.cpu"}';
    expect([status, seen?.body]).toEqual([200, expected]);
    const lengths = seen?.fields.filter(([name]) => /content-length|transfer/.test(name));
    expect(lengths).toEqual([['content-length', String(expected.length)]]);
  });

  it('forwards a body that came in parts', async () => {
    const json = '{"id":"team-a.cpu"}';
    const chunks = [...json].map((byte) => `1\r\n${byte}\r\n`).join('');
    const head = `POST ${TASKS} HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await gateway.send(`${head}${chunks}0\r\n\r\n`, 'team')).toMatch(/^HTTP\/1.1 200/);
    expect(gateway.upstream.seen).toMatchObject([{ body: json }]);
  });

  it.each<[what: string, status: number, body: string | Uint8Array<ArrayBuffer>]>([
    ['a key that is there twice', 400, '{"id":"team-a.cpu","id":"billing"}'],
    ['a key that is there twice in other letters', 400, '{"id":"team-a.cpu","\\u0069d":"billing"}'],
    ['an id in capitals', 400, '{"id":"team-a.cpu","ID":"billing"}'],
    ['an id in capitals alone', 400, '{"Id":"billing"}'],
    ['an id that is no text', 400, '{"id":7}'],
    ['an id that leads elsewhere', 400, '{"id":"team-a.x/../../config"}'],
    ['an id of dots', 400, '{"id":".."}'],
    ['a star', 400, '{"id":"team-a.*"}'],
    ['no object', 400, '["team-a.cpu"]'],
    ['no JSON', 400, 'id: team-a.cpu'],
    ['two documents', 400, '{"id":"team-a.cpu"}{"id":"billing"}'],
    ['nothing', 400, ''],
    ['no UTF-8', 400, Uint8Array.of(0x22, 0xff, 0x22)],
    ['a number that would change', 400, '{"id":"team-a.cpu","vars":[9007199254740993]}'],
    ['a number that is none', 400, '{"id":"team-a.cpu","vars":[1e999]}'],
    ['more than a MiB', 413, JSON.stringify({ id: 'team-a.cpu', script: 'x'.repeat(1024 * 1024) })],
    [
      'lists in lists without end',
      400,
      `{"id":"team-a.cpu","a":${'['.repeat(4e5)}${']'.repeat(4e5)}}`,
    ],
  ])('refuses %s, and forwards nothing', async (_what, status, body) => {
    const answer = await gateway.fetch(TASKS, 'team', { method: 'POST', body });
    expect(answer.status).toBe(status);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('refuses a coded body', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const answer = await gateway.fetch(TASKS, 'team', { method: 'POST', body: '{}', headers });
    expect(answer.status).toBe(400);
  });

  /** A request to create a task whose body never comes. */
  const unfinished = `POST ${TASKS} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 20\r\n\r\n`;

  it('refuses who may create no task before the body has come', async () => {
    expect(await gateway.send(unfinished, 'reader')).toMatch(/^HTTP\/1.1 403/);
  });

  it('reads 16 bodies of a user at once, and 64 of all, and goes on once these have ended', async () => {
    const held: Socket[] = [];
    for (const name of ['team', ...OTHERS]) {
      const clients = await Promise.all(Array.from({ length: 16 }, () => openSocket()));
      held.push(...clients);
      const [last, ...others] = clients;
      for (const client of others) client.write(unfinishedOf(name));
      expect(await create(name)).toBe(200);
      last?.write(unfinishedOf(name));
      expect(await createUntil(name, 503)).toBe(503);
      // Only the last of them takes the last of all places.
      expect(await create('api')).toBe(held.length < 64 ? 200 : 503);
    }
    expect(held).toHaveLength(64);
    for (const client of held) client.destroy();
    expect(await createUntil('team', 200)).toBe(200);
  });

  async function create(name: string): Promise<number> {
    const body = '{"id":"team-a.cpu"}';
    const answer = await gateway.fetch(TASKS, name, { method: 'POST', body });
    await answer.text();
    return answer.status;
  }

  /** The held bodies come and go when their connections do. */
  async function createUntil(name: string, wanted: number): Promise<number> {
    let status = await create(name);
    while (status !== wanted && [200, 503].includes(status)) status = await create(name);
    return status;
  }

  async function openSocket(): Promise<Socket> {
    const socket = connect(Number(new URL(gateway.server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  function unfinishedOf(name: string): string {
    return unfinished.replace('\n', `\nAuthorization: ${login(name).Authorization}\r\n`);
  }
});
