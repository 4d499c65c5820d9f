import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Deferred } from './deferred.js';
import { deferred } from './deferred.js';
import type { Ended, Member } from './member.js';
import { describeEnd } from './member.js';
import type { ToPrimary } from './questions.js';

/** Milliseconds that a worker may take to forget a user, and to begin to listen. */
const FORGET = 1_000;
const START = 60_000;

/** Milliseconds until a worker that ended is replaced: at first, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** Milliseconds after which a worker counts as one that works. */
const STEADY = 10_000;

/** Milliseconds that a worker may take to finish its requests, and then to end. */
const FINISH = 12_000;
const LEAVE = 4_000;

export interface CrewSettings {
  readonly count: number;
  readonly logger: Logger;
  /** Starts a worker. `answer` is for what the crew does not answer itself. */
  readonly hire: (answer: (question: ToPrimary, member: Member) => unknown) => Member;
  /** Answers the other questions of workers. */
  readonly answer: (question: ToPrimary, member: Member) => unknown;
  /** Called when a worker has ended. */
  readonly onEnd: (member: Member) => void;
}

/** The workers of a server: starts them, replaces those that end, and stops them. */
export class Crew {
  readonly #settings: CrewSettings;
  readonly #members = new Set<Member>();
  readonly #usersAreReady: Deferred<undefined> = deferred();
  readonly #whole: Deferred<undefined> = deferred();
  #isWhole = false;
  readonly #stopping = new AbortController();

  constructor(settings: CrewSettings) {
    this.#settings = settings;
  }

  /** The workers that run. */
  get members(): readonly Member[] {
    return [...this.#members];
  }

  /**
   * Resolves once all workers have loaded what answers requests. Rejects with the reason if one
   * can't; it is not replaced, since the next one could do no better.
   */
  get whole(): Promise<unknown> {
    return this.#whole.promise;
  }

  /**
   * Starts all workers, the first one alone: what keeps one from starting is then said once.
   *
   * @returns the URL that they listen on
   * @throws Error if one can't start
   */
  async start(): Promise<string> {
    const first = this.#hire();
    const url = await first.listening;
    const others = Array.from({ length: this.#settings.count - 1 }, () => this.#hire());
    await Promise.all(others.map((member) => member.listening));
    return url;
  }

  /** Lets the workers answer, and replaces from now on those that end. @throws Error */
  async open(): Promise<void> {
    this.#usersAreReady.resolve(undefined);
    await Promise.all(this.members.map((member) => member.serving));
    for (const member of this.members) void this.#keep(member);
  }

  /** Has all other workers forget a user, or everybody. One that does not answer is replaced. */
  async forget(name: string | undefined, except: Member): Promise<void> {
    const others = this.members.filter((member) => member !== except && member.mayKnowUsers);
    await Promise.all(others.map((member) => this.#forget(name, member)));
  }

  /** Lets running requests finish and ends all workers. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.members.map((member) => this.#dismiss(member)));
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#stopping.abort();
    for (const member of this.#members) member.kill();
  }

  async #forget(name: string | undefined, member: Member): Promise<void> {
    try {
      await member.ask({ kind: 'forget', name }, FORGET);
    } catch {
      if (!member.isOver) {
        const told = { worker: member.pid };
        this.#settings.logger.error(told, 'a worker did not answer within a second and is ended');
        member.kill();
      }
      await member.exited;
    }
  }

  async #dismiss(member: Member): Promise<void> {
    await member.ask({ kind: 'stop' }, FINISH).catch(() => undefined);
    member.dismiss();
    const timer = setTimeout(() => {
      member.kill();
    }, LEAVE);
    await member.closed;
    clearTimeout(timer);
  }

  #hire(): Member {
    const member = this.#settings.hire((question, asking) => this.#answer(question, asking));
    this.#members.add(member);
    const timer = setTimeout(() => {
      member.kill();
    }, START).unref();
    member.listening
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
      });
    void member.exited.then(() => {
      this.#members.delete(member);
      this.#settings.onEnd(member);
    });
    return member;
  }

  #answer(question: ToPrimary, member: Member): unknown {
    if (question.kind === 'listening') return this.#usersAreReady.promise;
    if (question.kind === 'whole') this.#noteWhole();
    if (question.kind === 'failed') this.#noteFailure(question.text);
    if (question.kind === 'changed') return this.forget(question.name, member);
    // Before it may know any user, so that no change misses it.
    if (question.kind === 'hello') member.mayKnowUsers = true;
    return this.#settings.answer(question, member);
  }

  #noteWhole(): void {
    const whole = this.members.filter(({ isWhole }) => isWhole);
    if (whole.length < this.#settings.count) return;
    this.#isWhole = true;
    this.#whole.resolve(undefined);
  }

  #noteFailure(reason: string): void {
    if (this.#isWhole) return;
    this.#stopping.abort();
    this.#whole.reject(new Error(reason));
  }

  /** Replaces a worker each time that it ends, later and later while that does not help. */
  async #keep(first: Member): Promise<void> {
    let member = first;
    for (let pause = 0; ;) {
      const end = await member.exited;
      if (this.#isStopping()) return;
      const isSteady = performance.now() - member.born > STEADY;
      pause = isSteady ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * pause));
      await this.#tellEnd(member, end, pause);
      // Not unreferenced: with all workers dead, this process would end.
      const { signal } = this.#stopping;
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (this.#isStopping()) return;
      member = this.#hire();
      this.#tellStart(member);
    }
  }

  #tellStart(member: Member): void {
    const told = { worker: member.pid };
    member.serving.then(
      () => {
        this.#settings.logger.info(told, 'a new worker has started');
      },
      // Its end is told.
      () => undefined,
    );
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #tellEnd(member: Member, end: Ended, pause: number): Promise<void> {
    // Why it could not start, if it could not.
    const why =
      member.failure ??
      (await member.serving.then(
        () => describeEnd(end),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ));
    this.#settings.logger.error(
      { worker: member.pid, ...end },
      `a worker ended (${why}); another one starts in ${String(pause)} ms`,
    );
  }
}
