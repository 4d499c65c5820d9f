import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { Leadership } from './leadership.js';
import { MetaFailure } from './meta-failure.js';
import { STATUS_PATH } from './meta-paths.js';
import { credentialOptions } from './own-credentials.js';
import { MetaTransport } from './meta-transport.js';
import type { MetaReply, MetaTransportOptions } from './meta-transport.js';

/** How often each node is asked at most, and the pause before the second time, in milliseconds; it doubles. */
const ROUNDS = 3;
const FIRST_PAUSE = 100;

/** The least time an attempt gets, in milliseconds: one that can't succeed says nothing about the node. */
const LEAST_BUDGET = 50;

/** A configured node and what is known of it. */
interface MetaNode {
  readonly url: URL;
  readonly breaker: CircuitBreaker;
  readonly leadership: Leadership;
  /** Why it last gave no usable answer. */
  trouble: string;
}

/** A node to ask, and how long it may take, in milliseconds. */
interface Turn {
  readonly node: MetaNode;
  readonly budget: number;
}

/**
 * Asks the meta nodes until one answers, the last one that did first. Tells an operator when a node goes down, when it
 * is back, and when our credentials are refused; each once.
 */
export class MetaClient {
  readonly #transport: MetaTransport;
  readonly #logger: Logger;
  readonly #credentialOptions: string;
  readonly #nodes: MetaNode[];
  #isRefused = false;

  constructor(options: MetaTransportOptions, logger: Logger) {
    this.#transport = new MetaTransport(options);
    this.#logger = logger;
    this.#credentialOptions = credentialOptions(options.credentials);
    this.#nodes = options.nodes.map((url) => ({
      url,
      breaker: new CircuitBreaker(),
      leadership: new Leadership((budget) =>
        this.#transport.get(new URL(STATUS_PATH, url), budget),
      ),
      trouble: 'not asked',
    }));
  }

  /**
   * @param path - path and query, escaped
   * @param read - makes a reply into what is returned; throws MetaFailure when it can't
   * @param until - when to give up, in milliseconds of `performance.now()`
   * @throws StoreUnavailableError when no node gives an answer that can be used
   */
  ask<T>(path: string, read: (reply: MetaReply) => T, until: number): Promise<T> {
    return this.#tryNodes(async ({ node, budget }) => {
      const reply = await this.#transport.get(new URL(path, node.url), budget);
      // That there is no such user can be said by those who know the users.
      if (reply.status === 404) await node.leadership.require(leastBudget(timeLeft(until)));
      const answer = read(reply);
      if (reply.status === 200) this.#isRefused = false;
      return answer;
    }, until);
  }

  /**
   * Sees whether a node could be asked.
   *
   * @param until - when to give up, in milliseconds of `performance.now()`
   * @throws StoreUnavailableError when there is none that answers and has a leader
   */
  check(until: number): Promise<void> {
    return this.#tryNodes(({ node, budget }) => node.leadership.require(budget), until);
  }

  async #tryNodes<T>(attempt: (turn: Turn) => Promise<T>, until: number): Promise<T> {
    for await (const turn of this.#turns(until)) {
      const { node } = turn;
      try {
        const answer = await attempt(turn);
        this.#nodes.sort((one, other) => Number(other === node) - Number(one === node));
        this.#recordSuccess(node);
        return answer;
      } catch (error) {
        if (!(error instanceof MetaFailure)) throw error;
        this.#recordFailure(node, error);
      }
    }
    const troubles = this.#nodes.map(({ url, trouble }) => `${url.host}: ${trouble}`);
    throw new StoreUnavailableError(`no meta node gives an answer: ${troubles.join('; ')}`);
  }

  /** Cancels what is running and closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Whom to ask, in rounds over all nodes with a pause between; each gets an equal share of the time that is left. */
  async *#turns(until: number): AsyncGenerator<Turn, void, void> {
    for (let round = 1; round <= ROUNDS; round += 1) {
      if (round > 1) {
        const pause = pauseBefore(round);
        if (pause >= timeLeft(until)) return;
        await sleep(pause);
      }
      let isAnyAdmitted = false;
      for (const [index, node] of [...this.#nodes].entries()) {
        const shares = this.#nodes.length - index + (round < ROUNDS ? 1 : 0);
        const left = timeLeft(until);
        if (left < LEAST_BUDGET) return;
        if (!node.breaker.admits()) continue;
        isAnyAdmitted = true;
        yield { node, budget: leastBudget(left / shares) };
      }
      if (!isAnyAdmitted) return;
    }
  }

  #recordSuccess(node: MetaNode): void {
    if (node.breaker.succeeded()) this.#logger.info(`meta node ${node.url.host} answers again`);
  }

  /** @throws StoreUnavailableError when there is no point in going on */
  #recordFailure(node: MetaNode, { kind, message }: MetaFailure): void {
    if (this.#transport.isClosed)
      throw new StoreUnavailableError('the meta user store is not open');
    node.trouble = message;
    if (kind === 'node') {
      if (!node.breaker.failed()) return;
      this.#logger.error(`meta node ${node.url.host} is down: ${message}`);
      return;
    }
    this.#recordSuccess(node);
    if (kind === 'credentials') this.#refuse(node, message);
  }

  #refuse({ url }: MetaNode, message: string): never {
    const text = `meta node ${url.host} refuses our credentials: ${message}; check ${this.#credentialOptions}`;
    if (!this.#isRefused) this.#logger.error(text);
    this.#isRefused = true;
    throw new StoreUnavailableError(text);
  }
}

function leastBudget(budget: number): number {
  return Math.ceil(Math.max(LEAST_BUDGET, budget));
}

function timeLeft(until: number): number {
  return until - performance.now();
}

/** Random, so that requests that failed together don't come back together. */
function pauseBefore(round: number): number {
  return FIRST_PAUSE * 2 ** (round - 2) * (0.5 + Math.random() / 2);
}
