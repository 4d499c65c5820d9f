import type { Worker } from 'node:cluster';
import type { Readable } from 'node:stream';
import type { Deferred } from './deferred.js';
import { deferred } from './deferred.js';
import { closeWhatDeadWorkersHold } from './handed-connection.js';
import { Line } from './line.js';
import type { ToPrimary, ToWorker } from './questions.js';
import { readToPrimary } from './questions.js';
import { readWholeLines } from './whole-lines.js';

/** The end of a process. */
export interface Ended {
  /** Null after a signal. */
  readonly code: number | null;
  /** Null after an exit code. */
  readonly signal: string | null;
}

/** The services of the primary for its workers. */
export interface MemberHooks {
  /** Answers a question of a worker. */
  readonly answer: (question: ToPrimary, member: Member) => unknown;
  /** Passes on whole lines of a worker's standard output, and of its standard error. */
  readonly write: (lines: string) => void;
  readonly writeError: (lines: string) => void;
  /** Called for a line that a worker did not write to its end. */
  readonly lost: () => void;
}

/** A worker as the primary sees it. */
export class Member {
  /** When it was started, in milliseconds of the steady clock. */
  readonly born: number = performance.now();
  readonly exited: Promise<Ended>;
  /** Resolves once it ended and all that it wrote was read. */
  readonly closed: Promise<unknown>;
  /** True if it was told what to serve, so that it may know users. */
  mayKnowUsers = false;
  /** True if it has ended. */
  isOver = false;
  /** True once it has loaded all that answers requests. */
  isWhole = false;
  /** Why it can't start or can't load what answers requests, if it can't. */
  failure: string | undefined;
  readonly #worker: Worker;
  readonly #line: Line;
  readonly #listening: Deferred<string> = deferred();
  readonly #serving: Deferred<undefined> = deferred();

  constructor(worker: Worker, { answer, write, writeError, lost }: MemberHooks) {
    this.#worker = worker;
    const { process: child } = worker;
    this.#line = new Line(child, (received) => {
      const question = readToPrimary(received);
      this.#note(question);
      return answer(question, this);
    });
    if (child.stdout !== null) readWholeLines(child.stdout, write, lost);
    if (child.stderr !== null) readWholeLines(child.stderr, writeError, () => undefined);
    const note = (ended: Ended): Ended => {
      this.isOver = true;
      this.#fail(`a worker ended at its start: ${describeEnd(ended)}`);
      return ended;
    };
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal: string | null) => {
        resolve(note({ code, signal }));
      });
      // A failure to send shows itself by the end of the worker.
      worker.on('error', (error: Error) => {
        if (child.pid === undefined) resolve(note({ code: null, signal: error.message }));
      });
    });
    // A child's own "close" does not come after its line was cut.
    this.closed = Promise.all([this.exited, over(child.stdout), over(child.stderr)]);
    closeWhatDeadWorkersHold(worker);
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** The URL that it listens on, once it does. Rejects with the reason if it can't start. */
  get listening(): Promise<string> {
    return this.#listening.promise;
  }

  /** Resolves once it answers requests. Rejects with the reason if it can't start. */
  get serving(): Promise<unknown> {
    return this.#serving.promise;
  }

  /** @throws Error if it does not answer in time */
  ask(question: ToWorker, milliseconds: number): Promise<unknown> {
    return this.#line.ask(question, milliseconds);
  }

  /** Ends it at once, whatever it does. */
  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  /** Lets it end by itself, after it has finished. */
  dismiss(): void {
    if (this.#worker.process.connected) this.#worker.process.disconnect();
  }

  #note(question: ToPrimary): void {
    if (question.kind === 'listening') this.#listening.resolve(question.url);
    if (question.kind === 'serving') this.#serving.resolve(undefined);
    if (question.kind === 'whole') this.isWhole = true;
    if (question.kind !== 'failed') return;
    this.failure = question.text;
    this.#fail(question.text);
  }

  #fail(reason: string): void {
    this.#listening.reject(new Error(reason));
    this.#serving.reject(new Error(reason));
  }
}

/** Says how a process ended. */
export function describeEnd({ code, signal }: Ended): string {
  return signal ?? `exit code ${String(code)}`;
}

/** Resolves once a stream is at its end. */
function over(stream: Readable | null): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null) resolve();
    else stream.once('close', resolve);
  });
}
