import { z } from 'zod';
import type { HeardEvent, RecentEventsQuery } from '../../index.js';
import { eventsQuerySchema, heardEventSchema } from './kept-events.js';

/** A question or a notice of a worker to the primary. */
export type ToPrimary =
  /** The first question; the answer is what it is to serve. It knows no user before. */
  | { readonly kind: 'hello' }
  /** It accepts connections; answered once users may be opened. */
  | { readonly kind: 'listening'; readonly url: string }
  /** It answers requests. */
  | { readonly kind: 'serving' }
  /** It has loaded all that answers requests. */
  | { readonly kind: 'whole' }
  /** It can't start, or can't load what answers requests. */
  | { readonly kind: 'failed'; readonly text: string }
  /** It changed a user, or anybody; answered once no other worker knows the old one. */
  | { readonly kind: 'changed'; readonly name?: string | undefined }
  | CountQuestion
  /** It wants the metrics of all workers. */
  | { readonly kind: 'metrics' }
  /** A line of the audit log's file. */
  | { readonly kind: 'audit'; readonly line: string }
  /** A refusal or a change, to be kept. */
  | { readonly kind: 'heard'; readonly event: HeardEvent }
  /** It wants the last refusals and changes of all workers. */
  | { readonly kind: 'recent'; readonly query: RecentEventsQuery }
  /** A session on pages was ended; `until` is in milliseconds since 1970. */
  | { readonly kind: 'log-out'; readonly id: string; readonly until: number }
  /** It wants to know if a session was ended. */
  | { readonly kind: 'logged-out'; readonly id: string };

/** A question of a worker that counts failed logins. */
export interface CountQuestion {
  readonly kind: 'count';
  readonly operation: 'penalty' | 'reward' | 'delete';
  readonly keyPrefix: string;
  /** In seconds. */
  readonly duration: number;
  readonly key: string;
  readonly points: number;
}

/** A question of the primary to a worker. */
export type ToWorker =
  /** A user changed, or anybody: it forgets them before it answers. */
  | { readonly kind: 'forget'; readonly name?: string | undefined }
  /** It shows its own metrics. */
  | { readonly kind: 'metrics' }
  /** It accepts no more requests, and answers once the running ones are finished. */
  | { readonly kind: 'stop' };

/** The answer of the primary to `hello`. */
export interface Entry {
  readonly host: string;
  readonly port: number;
  /** The port that the other workers share, if `port` is 0. */
  readonly settledPort?: number | undefined;
  readonly logLevel: string;
  /** Seals the sessions of the pages, in all workers. */
  readonly sessionKey: string;
  /** Of `kapacitorAuth`. */
  readonly options: Readonly<Record<string, unknown>>;
}

const name = z.string().optional();

const toPrimary = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello') }),
  z.object({ kind: z.literal('listening'), url: z.string() }),
  z.object({ kind: z.literal('serving') }),
  z.object({ kind: z.literal('whole') }),
  z.object({ kind: z.literal('failed'), text: z.string() }),
  z.object({ kind: z.literal('changed'), name }),
  z.object({
    kind: z.literal('count'),
    operation: z.enum(['penalty', 'reward', 'delete']),
    keyPrefix: z.string(),
    duration: z.number(),
    key: z.string(),
    points: z.number(),
  }),
  z.object({ kind: z.literal('metrics') }),
  z.object({ kind: z.literal('audit'), line: z.string() }),
  z.object({ kind: z.literal('heard'), event: heardEventSchema }),
  z.object({ kind: z.literal('recent'), query: eventsQuerySchema }),
  z.object({ kind: z.literal('log-out'), id: z.string(), until: z.number() }),
  z.object({ kind: z.literal('logged-out'), id: z.string() }),
]);

const toWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('forget'), name }),
  z.object({ kind: z.literal('metrics') }),
  z.object({ kind: z.literal('stop') }),
]);

const entry = z.object({
  host: z.string(),
  port: z.number(),
  settledPort: z.number().optional(),
  logLevel: z.string(),
  sessionKey: z.string(),
  options: z.record(z.string(), z.unknown()),
});

/** Reads what a worker sent. @throws Error if it is nothing of ours */
export function readToPrimary(received: unknown): ToPrimary {
  return toPrimary.parse(received);
}

/** Reads what the primary sent. @throws Error if it is nothing of ours */
export function readToWorker(received: unknown): ToWorker {
  return toWorker.parse(received);
}

/** Reads what a worker is to serve. @throws Error if it is nothing of ours */
export function readEntry(received: unknown): Entry {
  return entry.parse(received);
}
