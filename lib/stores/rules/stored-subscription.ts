import type { ZodType } from 'zod';
import { invalidRequest } from '../../invalid-request.js';
import { lazy, once } from '../../lazy.js';
import type { StoredSubscription } from '../subscription-store.js';
import { compareNames } from './name-order.js';

/** The longest name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 1024;

function nameSchema(what: string, shortest = 1): ZodType<string, string> {
  return lazy
    .zod()
    .string(`${what} must be a string`)
    .min(shortest, `${what} must not be empty`)
    .refine(
      (name) => !/\p{Cc}/u.test(name) && name.isWellFormed(),
      `${what} must not contain control characters or broken Unicode`,
    )
    .refine(
      (name) => Buffer.byteLength(name) <= MAX_NAME_BYTES,
      `${what} must not be longer than ${String(MAX_NAME_BYTES)} bytes`,
    );
}

/** Reads a subscription that can be stored, and freezes it. Its messages never show a digest. */
export const subscriptionSchema: () => ZodType<StoredSubscription, StoredSubscription> = once(
  () => {
    const { z } = lazy.zod();
    return z
      .strictObject(
        {
          digest: z
            .string('digest must be a string')
            .regex(/^[0-9a-f]{64}$/, 'digest must be a SHA-256: 64 hexadecimal digits'),
          cluster: nameSchema('cluster'),
          // Empty for every database; checked below.
          database: nameSchema('database', 0),
          retentionPolicy: nameSchema('retentionPolicy').optional(),
          created: z.iso.datetime('created must be a time such as "2026-11-24T10:00:00.000Z"'),
        },
        {
          error: ({ code }) =>
            code === 'invalid_type'
              ? 'a subscription must be an object with digest, cluster, database, retentionPolicy and created'
              : undefined,
        },
      )
      .refine(
        ({ database, retentionPolicy }) => database !== '' || retentionPolicy === undefined,
        'database must not be empty',
      )
      .transform(({ digest, cluster, database, retentionPolicy, created }) =>
        Object.freeze({
          digest,
          cluster,
          database,
          ...(retentionPolicy !== undefined && { retentionPolicy }),
          created,
        }),
      );
  },
);

/**
 * Brings a subscription into the form in which it is stored: frozen, without undefined properties.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function canonicalSubscription(subscription: StoredSubscription): StoredSubscription {
  const { data, error } = subscriptionSchema().safeParse(subscription);
  if (data !== undefined) return data;
  throw invalidRequest(error.issues.map(({ message }) => message).join('; '));
}

/** The order in which subscriptions are listed; for `sort`. */
export function compareSubscriptions(a: StoredSubscription, b: StoredSubscription): number {
  return (
    compareNames(a.database, b.database) ||
    compareNames(a.retentionPolicy ?? '', b.retentionPolicy ?? '') ||
    compareNames(a.created, b.created) ||
    compareNames(a.digest, b.digest)
  );
}
