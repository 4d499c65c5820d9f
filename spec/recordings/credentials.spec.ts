import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { authorizeApi, kapacitorAuth } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { applyOverrides } from './overrides.js';
import { readRecording, usersSchema } from './recording.js';

const recordingSchema = z.object({
  sharedSecret: z.string(),
  users: usersSchema,
  cases: z.array(
    z.object({
      id: z.string(),
      request: z.object({
        method: z.literal('GET'),
        path: z.string(),
        headers: z.record(z.string(), z.string()),
      }),
      status: z.number(),
      error: z.string().nullable(),
      contentType: z.string(),
      wwwAuthenticate: z.string().nullable(),
    }),
  ),
});
type Case = z.infer<typeof recordingSchema>['cases'][number];

const { sharedSecret, users, cases } = recordingSchema.parse(readRecording('credentials.json'));

const CHALLENGE = 'Basic realm="kapacitor", charset="UTF-8", Bearer realm="kapacitor"';

const judged = applyOverrides(cases, [
  {
    deviation: 12,
    matches: ({ status }: Case) => status === 401,
    expected: () => ({ wwwAuthenticate: CHALLENGE }),
  },
  {
    deviation: 13,
    matches: ({ id }: Case) => id === 'bearer lower-case scheme',
    expected: () => ({ status: 200, error: null, wwwAuthenticate: null }),
  },
  {
    deviation: 14,
    matches: ({ id }: Case) => id === 'bearer unknown user',
    expected: () => ({ error: 'authorization failed' }),
  },
]);

const warnings: string[] = [];
const auth = kapacitorAuth({
  http: { authEnabled: true, sharedSecret },
  auth: { enabled: true, bcryptCost: 4 },
  store: new MemoryUserStore(users),
  logger: {
    info: () => undefined,
    warn: (message) => void warnings.push(message),
    error: (message) => void warnings.push(message),
  },
});
const app = express();
app.use(auth, authorizeApi());
app.get('/kapacitor/v1/tasks', (_request, response) => {
  response.json({ tasks: [] });
});

afterAll(() => auth.close());

// Twice: what is answered from a cache must be the same.
describe.each(['first', 'again'])('credentials are judged as by Kapacitor (%s)', () => {
  it.each(judged.map((recorded) => [recorded.id, recorded] as const))(
    '%s',
    async (_id, recorded) => {
      const { path, headers } = recorded.request;
      const answer = await request(app).get(path).set(headers);
      expect(answer.status).toBe(recorded.status);
      expect(answer.headers['content-type']).toBe(recorded.contentType);
      expect(answer.headers['www-authenticate'] ?? null).toBe(recorded.wwwAuthenticate);
      expect(answer.headers['cache-control']).toBe(answer.status === 401 ? 'no-store' : undefined);
      if (recorded.error !== null) {
        expect(answer.body).toEqual({ error: recorded.error, message: recorded.error });
      }
    },
  );
});

it('warns that the recorded secret is short', () => {
  expect(warnings.filter((message) => message.startsWith('WRN_KAUTH_SHORT_SECRET'))).toHaveLength(
    1,
  );
});
