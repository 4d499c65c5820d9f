import { z } from 'zod';
import type { HeardEvent, RecentEvent, RecentEventsQuery } from '../../index.js';

const grants = z.object({
  type: z.string(),
  permissions: z.array(z.string()),
  grants: z.array(z.string()).optional(),
  disabled: z.boolean().optional(),
});

const text = z.string().optional();

/** An event that a worker heard. */
export const heardEventSchema: z.ZodType<HeardEvent> = z.object({
  at: z.number(),
  event: z.enum(['rejected', 'forbidden', 'userChanged', 'subscriptionChanged', 'revoked']),
  user: text,
  actor: text,
  address: text,
  method: text,
  path: text,
  code: text,
  status: z.number().optional(),
  reported: z.boolean().optional(),
  ms: z.number().optional(),
  change: z.enum(['created', 'updated', 'renamed', 'deleted', 'granted', 'revoked']).optional(),
  renamedTo: text,
  fields: z.array(z.string()).optional(),
  before: grants.optional(),
  after: grants.optional(),
  subscription: z
    .object({ id: text, database: text, retentionPolicy: text, cluster: text })
    .optional(),
});

/** The choice of events that a worker wants. */
export const eventsQuerySchema: z.ZodType<RecentEventsQuery> = z.object({
  user: text,
  address: text,
  before: z.number().optional(),
  limit: z.number().optional(),
});

const kept = z.array(z.intersection(heardEventSchema, z.object({ id: z.number() })));

/** Reads the events that the primary keeps. @throws Error if it is something else */
export function readKeptEvents(received: unknown): readonly RecentEvent[] {
  return kept.parse(received);
}
