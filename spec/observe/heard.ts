import type { EventName, KapacitorAuth } from '../../lib/index.js';

const EVENTS: readonly EventName[] = [
  'authenticated',
  'rejected',
  'forbidden',
  'userChanged',
  'subscriptionChanged',
  'revoked',
];

/** Keeps all events of a middleware, each with its name. */
export function heard(
  auth: KapacitorAuth,
  names: readonly EventName[] = EVENTS,
): (object & { event: EventName })[] {
  const events: (object & { event: EventName })[] = [];
  for (const event of names) auth.on(event, (details) => events.push({ event, ...details }));
  return events;
}
