import { z } from 'zod';
import type { Deferred } from './deferred.js';
import { deferred } from './deferred.js';

/** The other process, as `node:child_process` and `process` show it. */
export interface Peer {
  send?(message: object, handle: undefined, options: object, sent: Sent): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

type Sent = (error: Error | null) => void;

/** Answers what the other process asks, or takes notice of what it tells. */
export type Answerer = (question: unknown) => unknown;

const messageSchema = z.union([
  z.object({ ask: z.number(), question: z.unknown() }),
  z.object({ answer: z.number(), value: z.unknown().optional() }),
  z.object({ refused: z.number(), reason: z.string() }),
  z.object({ tell: z.unknown() }),
]);

/** Questions that may wait for an answer. */
const MOST_WAITING = 10_000;

/** Bytes of notices that may wait to be sent. */
const MOST_UNSENT = 1_048_576;

/** Asks a process of the same server, and answers it, over the channel that Node made. */
export class Line {
  readonly #peer: Peer;
  readonly #answerer: Answerer;
  readonly #waiting = new Map<number, Deferred<unknown>>();
  #lastNumber = 0;
  #unsent = 0;
  #isCut = false;

  constructor(peer: Peer, answerer: Answerer) {
    this.#peer = peer;
    this.#answerer = answerer;
    peer.on('message', (message) => {
      this.#receive(message).catch(() => undefined);
    });
    peer.once('disconnect', () => {
      this.#cut();
    });
  }

  /**
   * Asks a question.
   *
   * @param milliseconds - the longest wait; no limit if left out
   * @throws Error if there is no answer in time, or the other process ended or refused
   */
  async ask(question: object, milliseconds?: number): Promise<unknown> {
    if (this.#isCut) throw ended();
    if (this.#waiting.size >= MOST_WAITING) throw new Error('too many questions wait');
    const number = (this.#lastNumber += 1);
    const answer = deferred<unknown>();
    this.#waiting.set(number, answer);
    const timer = this.#giveUpAfter(milliseconds, answer);
    this.#send({ ask: number, question });
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(number);
    }
  }

  /**
   * Tells something.
   *
   * @param most - bytes that may wait to be sent, with these; fewer for what matters less
   * @returns false if it is lost, because too much waits to be sent
   */
  tell(notice: object, bytes: number, most: number = MOST_UNSENT): boolean {
    if (this.#isCut || this.#unsent + bytes > most) return false;
    this.#unsent += bytes;
    this.#send({ tell: notice }, () => {
      this.#unsent -= bytes;
    });
    return true;
  }

  #giveUpAfter(
    milliseconds: number | undefined,
    answer: Deferred<unknown>,
  ): NodeJS.Timeout | undefined {
    if (milliseconds === undefined) return undefined;
    return setTimeout(() => {
      // If this process stood still, the answer may lie ready to be read.
      setImmediate(() => {
        answer.reject(new Error(`no answer within ${String(milliseconds)} ms`));
      });
    }, milliseconds).unref();
  }

  async #receive(received: unknown): Promise<void> {
    const { success, data: message } = messageSchema.safeParse(received);
    if (!success) return;
    if ('ask' in message) await this.#reply(message.ask, message.question);
    else if ('answer' in message) this.#waiting.get(message.answer)?.resolve(message.value);
    else if ('refused' in message) {
      this.#waiting.get(message.refused)?.reject(new Error(message.reason));
    } else await this.#answerer(message.tell);
  }

  async #reply(number: number, question: unknown): Promise<void> {
    try {
      this.#send({ answer: number, value: await this.#answerer(question) });
    } catch (error) {
      this.#send({
        refused: number,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #send(message: object, sent?: () => void): void {
    // A failure shows itself by the end of the other process.
    this.#peer.send?.(message, undefined, {}, () => sent?.());
  }

  #cut(): void {
    this.#isCut = true;
    for (const answer of this.#waiting.values()) answer.reject(ended());
  }
}

function ended(): Error {
  return new Error('the other process ended');
}
