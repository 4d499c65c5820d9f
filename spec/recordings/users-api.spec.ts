import type { Express } from 'express';
import express5 from 'express';
import request from 'supertest';
import { z } from 'zod';
import type { KapacitorAuth, UserStore } from '../../lib/index.js';
import {
  authorizeApi,
  kapacitorAuth,
  MemoryUserStore,
  PostgresUserStore,
  usersApi,
} from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { describePostgres } from '../support/postgres.js';
import { applyOverrides } from './overrides.js';
import { addRecordedUsers } from './recorded-users.js';
import { readRecording, usersSchema } from './recording.js';

const recordingSchema = z.object({
  users: usersSchema,
  steps: z.array(
    z.object({
      id: z.string(),
      request: z.object({
        method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
        path: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string().nullable(),
      }),
      status: z.number(),
      contentType: z.string(),
      json: z.unknown(),
      text: z.string().nullable(),
    }),
  ),
});
type Step = z.infer<typeof recordingSchema>['steps'][number];

const { users, steps } = recordingSchema.parse(readRecording('users-api.json'));

const step = (...ids: readonly string[]) => ({
  matches: ({ id }: Step) => ids.includes(id),
});
const refused = (status: number, error: string) => ({
  expected: () => ({ status, json: { error, message: error }, text: null }),
});

const PERMISSIONS = 'permissions must be a list of none, api, config_api, write_points, all';

const expectedSteps = applyOverrides(steps, [
  { deviation: 6, ...step('create existing'), ...refused(409, 'user "amy" already exists') },
  { deviation: 7, ...step('update unknown user'), ...refused(404, 'no user exists') },
  {
    deviation: 9,
    ...step('normal user with api may create users'),
    ...refused(403, 'user u_api may not make an admin: only an admin may'),
  },
  {
    deviation: 20,
    ...step('list bad limit'),
    ...refused(400, 'invalid limit parameter "x" must be an integer'),
  },
  { deviation: 26, ...step('bad type'), ...refused(400, 'type must be "admin" or "normal"') },
  {
    deviation: 26,
    ...step('bad permission', 'update bad permission'),
    ...refused(400, PERMISSIONS),
  },
]);

/** Each step builds upon those before it. */
function itTakesAllSteps(openApp: () => Promise<Express>): void {
  let app: Express | undefined;

  it.each(expectedSteps.map((expected) => [expected.id, expected] as const))(
    '%s',
    async (_id, expected) => {
      app ??= await openApp();
      const { method, path, headers, body } = expected.request;
      const sent = request(app).get(path).set(headers);
      sent.method = method;
      const answer = await (body === null ? sent : sent.send(body).unset('Content-Type'));
      expect(answer.status).toBe(expected.status);
      expect(answer.headers['content-type']).toBe(expected.contentType);
      if (expected.text === null) expect(answer.body).toEqual(expected.json);
      else expect(answer.text).toBe(expected.text);
    },
  );
}

const opened: KapacitorAuth[] = [];
afterAll(() => Promise.all(opened.map((auth) => auth.close())));

function appOver(store: UserStore, express: typeof express5): Express {
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    store,
  });
  opened.push(auth);
  const app = express();
  app.use(auth, authorizeApi(), usersApi(auth));
  app.get('/kapacitor/v1/tasks', (_request, response) => {
    response.json({ tasks: [] });
  });
  return app;
}

describe.each(expresses)('users are managed as with Kapacitor, on %s', (_name, express) => {
  itTakesAllSteps(async () => appOver(new MemoryUserStore(users), express));
});

describePostgres('users in PostgreSQL are managed as with Kapacitor', (server) => {
  itTakesAllSteps(async () => {
    const store = new PostgresUserStore({ url: await server().newDatabase() });
    await addRecordedUsers(store, users);
    return appOver(store, express5);
  });
});

it('has all of the recorded steps', () => {
  expect(expectedSteps).toHaveLength(33);
});
