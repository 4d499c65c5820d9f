import type { RequestOptions } from 'node:http';
import { request as httpRequest } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import type { KapacitorAuth, UserStore } from '../../lib/index.js';
import { authorizeApi, kapacitorAuth, PostgresUserStore } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { StartedGateway } from '../server/gateway/started-gateway.js';
import { describePostgres } from '../support/postgres.js';
import { applyOverrides } from './overrides.js';
import { addRecordedUsers } from './recorded-users.js';
import { readRecording, usersSchema } from './recording.js';

const recordingSchema = z.object({
  users: usersSchema,
  cases: z.array(
    z.object({
      user: z.string(),
      method: z.string(),
      path: z.string(),
      decision: z.enum(['allowed', 'forbidden', 'forbidden-database']),
      error: z.string().nullable(),
    }),
  ),
});
type Case = z.infer<typeof recordingSchema>['cases'][number];

const { users, cases } = recordingSchema.parse(readRecording('authorization-matrix.json'));

const permissionsOf = new Map(users.map(({ name, permissions }) => [name, permissions]));

function mayConfigure(user: string): boolean {
  const permissions = permissionsOf.get(user) ?? [];
  return permissions.includes('config_api') || permissions.includes('all');
}

function refusal({ user, path }: Case, privilege: string): Partial<Case> {
  const [endpoint = ''] = path.split('?');
  return {
    decision: 'forbidden',
    error: `user ${user} does not have "${privilege}" privilege for API endpoint "${endpoint}"`,
  };
}

/** The privileges that methods need; HEAD is another deviation, OPTIONS needs nothing. */
const ASKED: ReadonlyMap<string, string> = new Map([
  ['GET', 'read'],
  ['POST', 'write'],
  ['PUT', 'write'],
  ['PATCH', 'write'],
  ['DELETE', 'delete'],
]);

const PREVIEW = '/kapacitor/v1preview/config';

const judgedOnce = applyOverrides<Case>(cases, [
  {
    deviation: 10,
    matches: ({ decision }) => decision === 'forbidden-database',
    expected: () => ({ decision: 'allowed' }),
  },
  {
    deviation: 23,
    matches: ({ path, user, decision }) =>
      path === PREVIEW && mayConfigure(user) && decision === 'forbidden',
    expected: () => ({ decision: 'allowed', error: null }),
  },
  {
    // Kapacitor names the path that it judges second; here it is the path that was sent.
    deviation: 23,
    matches: ({ path, user, error }) =>
      path === PREVIEW && !mayConfigure(user) && error?.includes('v1preview') === false,
    expected: ({ error }) => ({ error: error?.replace('/v1/', '/v1preview/') ?? null }),
  },
  {
    deviation: 28,
    matches: ({ path, user, method, decision }) =>
      path.startsWith('/kapacitor/v1/storage') &&
      user !== 'root' &&
      ASKED.has(method) &&
      decision === 'allowed',
    expected: (recorded) => refusal(recorded, ASKED.get(recorded.method) ?? ''),
  },
]);

/** The outcome of a GET of the same user and path. */
function decisionOfGet({ user, path }: Case): string | undefined {
  return judgedOnce.find(
    (other) => other.method === 'GET' && other.user === user && other.path === path,
  )?.decision;
}

const judged = applyOverrides<Case>(judgedOnce, [
  {
    // Kapacitor asks nothing of HEAD; here it needs what GET needs.
    deviation: 15,
    matches: (recorded) => recorded.method === 'HEAD' && decisionOfGet(recorded) === 'forbidden',
    expected: (recorded) => refusal(recorded, 'read'),
  },
]);

const passwords = new Map(users.map(({ name, password }) => [name, password]));

function itJudgesAllUsers(openStore: () => Promise<UserStore>): void {
  let auth: KapacitorAuth;
  const app = express();

  beforeAll(async () => {
    auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      store: await openStore(),
    });
    app.use(auth, authorizeApi());
    app.use((_request, response) => {
      response.status(299).end();
    });
  });
  afterAll(() => auth.close());

  it.each(users.map(({ name }) => name))('%s is judged as by Kapacitor', async (user) => {
    const own = judged.filter((recorded) => recorded.user === user);
    expect(own.length).toBeGreaterThan(100);
    const agent = request(app);
    const disagreements: unknown[] = [];
    for (const { method, path, decision, error } of own) {
      const { status, body } = await agent
        .get(path)
        .auth(user, passwords.get(user) ?? '')
        .use((sent) => {
          sent.method = method;
        });
      const wanted = decision === 'allowed' ? 299 : 403;
      const isTold = wanted === 403 && method !== 'HEAD';
      const agrees = !isTold || isDeepStrictEqual(body, { error, message: error });
      if (status !== wanted || !agrees) disagreements.push({ method, path, wanted, status, body });
    }
    expect(disagreements).toEqual([]);
  });
}

describe('users in memory', () => {
  itJudgesAllUsers(async () => new MemoryUserStore(users));
});

describePostgres('users in PostgreSQL', (server) => {
  itJudgesAllUsers(async () => {
    const store = new PostgresUserStore({ url: await server().newDatabase() });
    await addRecordedUsers(store, users);
    return store;
  });
});

describe('the gateway', () => {
  const OWN = /\/(?:users|whoami)(?:[/?]|$)/;

  /** True if a request would change the users that later ones log in as. */
  function changesUsers({ method, path, decision }: Case): boolean {
    return OWN.test(path) && decision === 'allowed' && !['GET', 'HEAD', 'OPTIONS'].includes(method);
  }

  function expectedStatuses({ method, path, decision }: Case): readonly number[] {
    if (OWN.test(path)) return decision === 'allowed' ? [200, 404] : [403];
    if (method === 'OPTIONS') return [204];
    return decision === 'allowed' ? [299] : [403];
  }

  it('forwards what Kapacitor allows of it, and nothing else', async () => {
    const gateway = await StartedGateway.start({ store: new MemoryUserStore(users) });
    gateway.upstream.answer = (_request, response) => void response.writeHead(299).end();
    const disagreements: unknown[] = [];
    for (const recorded of judged.filter((each) => !changesUsers(each))) {
      const { user, method, path } = recorded;
      const status = await statusOf(gateway.server.url + path, {
        method,
        auth: `${user}:${passwords.get(user) ?? ''}`,
      });
      if (!expectedStatuses(recorded).includes(status)) disagreements.push({ ...recorded, status });
    }
    await gateway.stop();
    expect(disagreements).toEqual([]);
    expect(gateway.upstream.seen.filter(({ url }) => OWN.test(url))).toEqual([]);
    expect(gateway.upstream.seen.length).toBeGreaterThan(500);
  });
});

function statusOf(url: string, options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, options, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode ?? 0);
      });
    });
    sent.once('error', reject).end();
  });
}

it('has all of the recorded requests', () => {
  expect(judged).toHaveLength(1617);
});
