import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

export const SAMPLES = join(__dirname, '../../fixtures/kapacitor-db');
export const REFERENCE = join(__dirname, '../../fixtures/reference');

/** The things of which fixtures/kapacitor-db/generate made each file. */
const plansSchema = z.record(
  z.string(),
  z.object({
    users: z.array(z.object({ name: z.string() })).default([]),
    count: z.number().default(0),
  }),
);

export const plans = plansSchema.parse(
  JSON.parse(readFileSync(join(SAMPLES, 'samples.json'), 'utf8')),
);

export const sampleNames: readonly string[] = Object.keys(plans);

/** The database that was made of a plan. */
export function sample(name: string): Buffer {
  return gunzipSync(readFileSync(join(SAMPLES, `${name}.db.gz`)));
}

/** The names of all users that are in the database of a plan. */
export function plannedNames(name: string): string[] {
  const { users = [], count = 0 } = plans[name] ?? {};
  const madeUp = Array.from(
    { length: count },
    (_, index) => `user${String(index).padStart(6, '0')}`,
  );
  return [...users.map((user) => user.name), ...madeUp];
}
