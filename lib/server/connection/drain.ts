import { once } from 'node:events';
import type { Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { RunningResponses } from '../running-responses.js';
import { cutOff } from './cut-off.js';
import type { OpenConnections } from './open-connections.js';
import type { Turns } from './turns.js';

/**
 * Milliseconds that an answered connection has at least for another request, or for the rest of a
 * body; twice as many at most.
 */
export const LAST_CALL = 500;

/** The parts of a server that {@link drain} ends. */
export interface Draining {
  readonly server: Server;
  readonly connections: OpenConnections;
  readonly turns: Turns;
  readonly running: RunningResponses;
}

/**
 * Accepts no more connections, closes those without a request under way, and waits for the answers
 * of the others. A request is under way once its head has arrived.
 *
 * @param deadline - milliseconds after which running requests are broken off
 */
export async function drain(
  { server, connections, turns, running }: Draining,
  deadline: number,
): Promise<void> {
  const closed = once(server, 'close');
  turns.endAfterLast(connections);
  const timer = setTimeout(() => {
    for (const response of running.list()) if (response.headersSent) cutOff(response);
    server.closeAllConnections();
    connections.destroy();
  }, deadline);
  const looks = setInterval(() => {
    connections.closeIdle();
  }, LAST_CALL);
  // A request may have arrived that nobody has read yet: one turn accepts its connection, the next
  // one reads.
  await turn();
  await turn();
  // Only now: this closes connections between two requests, also if the second has just arrived.
  server.close();
  connections.closeIdle();
  await closed;
  clearTimeout(timer);
  clearInterval(looks);
}
