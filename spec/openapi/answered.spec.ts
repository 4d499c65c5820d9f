import type { RequestListener } from 'node:http';
import request from 'supertest';
import type { KapacitorAuth } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { WrittenLog } from '../server/written-log.js';
import { people } from '../support/open-auth.js';
import { contradictions } from './described.js';

const V1 = '/kapacitor/v1';
const explain = (asked: string) => `${V1}/whoami?explain=${encodeURIComponent(asked)}`;

type Case = [
  method: string,
  target: string,
  status: number,
  sent?: object | undefined,
  user?: string,
];

/** Each after those before it. */
const CASES: Case[] = [
  ['GET', '/health', 200],
  ['GET', `${V1}/whoami`, 200],
  ['GET', `${V1}/whoami`, 200, undefined, 'amy'],
  ['GET', '/kapacitor/v1preview/whoami', 200],
  ['GET', `${V1}/whoami`, 401, undefined, 'nobody'],
  ['GET', explain('GET /kapacitor/v1/config'), 200],
  ['GET', explain('GET /kapacitor/v1/config'), 200, undefined, 'amy'],
  ['GET', explain('POST /write?db=telegraf'), 200, undefined, 'amy'],
  ['GET', explain('GET /kapacitor/v1/storage/stores'), 200, undefined, 'amy'],
  ['GET', explain('GET /a/../b'), 200, undefined, 'amy'],
  ['GET', `${explain('GET /')}&user=root`, 403, undefined, 'amy'],
  ['GET', `${explain('GET /')}&user=nobody`, 404],
  ['GET', explain('what?'), 400],
  ['GET', '/auth', 400],
  ['POST', `${V1}/users`, 200, { name: 'zoë', password: 'zoë-pw-1', permissions: ['api'] }],
  [
    'POST',
    `${V1}/users`,
    200,
    { name: 'gil', password: 'gil-pw', grants: ['read:tasks'], disabled: true },
  ],
  ['POST', '/kapacitor/v1preview/users', 200, { name: 'pat', password: 'pat-pw', type: null }],
  ['POST', `${V1}/users`, 409, { name: 'pat', password: 'pat-pw' }],
  ['POST', `${V1}/users`, 403, { name: 'eve', password: 'eve-pw', type: 'admin' }, 'amy'],
  ['GET', `${explain('GET /kapacitor/v1/tasks')}&user=gil`, 200],
  ['GET', `${V1}/users`, 200],
  ['GET', `${V1}/users?fields=grants&fields=disabled`, 200],
  ['GET', `${V1}/users?limit=x`, 400],
  ['GET', `${V1}/users/gil`, 200],
  ['GET', `${V1}/users/nobody`, 404],
  ['PATCH', `${V1}/users/gil`, 200, { disabled: false, grants: [] }],
  ['PATCH', `${V1}/users/nobody`, 404, { type: 'admin' }],
  ['PATCH', `${V1}/users/root`, 409, { type: 'normal' }],
  ['DELETE', `${V1}/users/root`, 409],
  ['DELETE', `${V1}/users/gil`, 204],
];

describe('what the server answers', () => {
  let app: RequestListener;
  let auth: KapacitorAuth;

  beforeAll(() => {
    auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      store: new MemoryUserStore(people),
      onError: answerAndNote,
    });
    app = createApp(auth, { logger: new WrittenLog().logger, lostLines: new LostLines() }).listener;
  });

  afterAll(() => auth.close());

  it.each(CASES.map((each) => [`${each[0]} ${each[1]} ${String(each[2])}`, each] as const))(
    'is described: %s',
    async (_title, [method, target, status, sent, user = 'root']) => {
      const asking = request(app).get(target).auth(user, `${user}-pw`);
      asking.method = method;
      const answer = await (sent === undefined ? asking : asking.send(sent));
      expect(answer.status).toBe(status);
      const answered: unknown = answer.text ? answer.body : undefined;
      expect(contradictions({ method, target, sent, status, answered })).toEqual([]);
    },
  );

  it('is described for a proxy, with the fields of the answer', async () => {
    const answer = await request(app)
      .get('/auth')
      .set({ 'X-Original-URI': '/kapacitor/v1/tasks', 'X-Original-Method': 'GET' })
      .auth('amy', 'amy-pw');
    expect(answer.headers).toMatchObject({ 'x-kapacitor-user': 'amy' });
    const { status } = answer;
    expect(contradictions({ method: 'GET', target: '/auth', status, answered: undefined })).toEqual(
      [],
    );
  });
});
