import { z } from 'zod';
import { readRecording } from '../recordings/recording.js';
import { contradictions } from './described.js';

const { steps } = z
  .object({
    steps: z.array(
      z.object({
        id: z.string(),
        request: z.object({ method: z.string(), path: z.string(), body: z.string().nullable() }),
        status: z.number(),
        json: z.unknown(),
      }),
    ),
  })
  .parse(readRecording('users-api.json'));

/** Requests that Kapacitor answers without a document, or with a 500 that is no failure: we answer better. */
const OTHERS = ['list bad limit'];

const users = steps.filter(({ request }) => request.path.startsWith('/kapacitor/v1/users'));

describe('what Kapacitor was asked and answered', () => {
  it.each(users.filter(({ id }) => !OTHERS.includes(id)).map((step) => [step.id, step] as const))(
    'is described: %s',
    (_id, { request: { method, path, body }, status, json }) => {
      const sent: unknown = status === 200 && body !== null ? JSON.parse(body) : undefined;
      const answered = json ?? undefined;
      expect(contradictions({ method, target: path, sent, status, answered })).toEqual([]);
    },
  );

  it.each([
    'bad type',
    'bad permission',
    'update bad permission',
    'missing name',
    'missing password',
  ])('is not allowed by the description if it was refused: %s', (id) => {
    const step = users.find((each) => each.id === id);
    const { method = '', path = '', body } = step?.request ?? {};
    const { status = 0, json } = step ?? {};
    const sent: unknown = JSON.parse(body ?? '');
    expect(contradictions({ method, target: path, sent, status, answered: json })).not.toEqual([]);
  });

  it('is all there', () => {
    expect(users.length).toBeGreaterThan(28);
  });
});
