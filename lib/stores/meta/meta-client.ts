import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import type { MaybePromise } from '../../maybe-promise.js';
import { SingleFlight } from '../../single-flight.js';
import { CircuitBreaker } from '../rules/circuit-breaker.js';
import { Leadership } from './leadership.js';
import { isRefusal, requireOwnShape } from './meta-answers.js';
import { MetaFailure } from './meta-failure.js';
import { STATUS_PATH, userPath } from './meta-paths.js';
import type { MetaReply, MetaSending, MetaTransportOptions } from './meta-transport.js';
import { MetaTransport } from './meta-transport.js';
import { credentialOptions } from './own-credentials.js';

/**
 * Rounds over the nodes at most, and the pause before the second one, in milliseconds; it doubles.
 */
const ROUNDS = 3;
const FIRST_PAUSE = 100;

/** Time for a node to tell if it accepts our credentials, in milliseconds. */
const ACCEPTANCE_BUDGET = 3000;

/**
 * The least time for an attempt, in milliseconds: one that can't succeed says nothing about the
 * node.
 */
const LEAST_BUDGET = 50;

/** A configured node and its state. */
interface MetaNode {
  readonly url: URL;
  readonly breaker: CircuitBreaker;
  readonly leadership: Leadership;
  /** Requests that ask if it accepts our credentials. */
  readonly accepting: SingleFlight<MetaReply>;
  /** The reason why it last gave no usable answer. */
  trouble: string;
}

/** A question to the nodes. */
export interface MetaQuestion<T, L = never> {
  /** Path and query, escaped. */
  readonly path: string;
  /** Its subject: the user's name, or a path. Tells questions apart if they fail. */
  readonly about: string;
  /** Turns a reply into the result; throws MetaFailure if it can't. */
  readonly read: (reply: MetaReply) => MaybePromise<T>;
  /** The time at which to give up, in milliseconds of `performance.now()`. */
  readonly until: number;
  /**
   * True if it verifies a password: it may take all the time there is, and a refusal may mean our
   * credentials or the user's.
   */
  readonly verifies?: boolean;
  /** The largest response that is read, in bytes; a mebibyte if left out. */
  readonly most?: number;
  /** The result for a larger response; if left out, that is a failure. */
  readonly ifTooLarge?: L;
}

/** A node to ask, and the time that it may take, in milliseconds. */
interface Turn {
  readonly node: MetaNode;
  readonly budget: number;
}

/**
 * Asks the meta nodes until one answers, first the one that answered last. Logs once if a node goes
 * down, if it is back, and if our credentials are refused.
 */
export class MetaClient {
  readonly #transport: MetaTransport;
  readonly #logger: Logger;
  readonly #credentialOptions: string;
  readonly #nodes: MetaNode[];
  #isRefused = false;
  #answeredAt = -Infinity;

  constructor(options: MetaTransportOptions, logger: Logger) {
    this.#transport = new MetaTransport(options);
    this.#logger = logger;
    this.#credentialOptions = credentialOptions(options.credentials);
    this.#nodes = options.nodes.map((url) => ({
      url,
      breaker: new CircuitBreaker(),
      leadership: new Leadership((budget) =>
        this.#transport.get(new URL(STATUS_PATH, url), { budget, over: 'lookUps' }),
      ),
      accepting: new SingleFlight(),
      trouble: 'not asked',
    }));
  }

  /** Asks a question. @throws StoreUnavailableError if no node gives a usable answer */
  ask<T, L = never>(question: MetaQuestion<T, L>): Promise<T | L> {
    return this.#tryNodes<T | L>(question, async ({ node, budget }) => {
      try {
        const answer = await question.read(await this.#get(question, node, budget));
        this.#isRefused = false;
        return answer;
      } catch (error) {
        const { ifTooLarge } = question;
        const isTooLarge = error instanceof MetaFailure && error.kind === 'too large';
        if (ifTooLarge === undefined || !isTooLarge) throw error;
        return ifTooLarge;
      }
    });
  }

  /**
   * Checks that some node answers and has a leader.
   *
   * @param until - time at which to give up, in milliseconds of `performance.now()`
   * @throws StoreUnavailableError if there is no such node
   */
  check(until: number): Promise<void> {
    return this.#tryNodes({ about: STATUS_PATH, until }, ({ node, budget }) =>
      node.leadership.require(budget),
    );
  }

  /** @throws MetaFailure if the node gives no usable answer */
  async #get<T>(
    question: MetaQuestion<T, unknown>,
    node: MetaNode,
    budget: number,
  ): Promise<MetaReply> {
    const { path, about, until, verifies = false, most } = question;
    const end = performance.now() + budget;
    const left = (): number => leastBudget(Math.min(end, until) - performance.now());
    const sending: MetaSending = {
      budget,
      over: verifies ? 'verifications' : 'lookUps',
      members: () => node.leadership.members(left()),
      ...(most !== undefined && { most }),
    };
    const reply = await this.#transport.get(new URL(path, node.url), sending);
    if (reply.status === 404) {
      requireOwnShape(reply);
      // Only nodes that know the users can say that there is no such user.
      await node.leadership.require(left());
    }
    if (verifies && isRefusal(reply)) await this.#requireAcceptance(node, about, sending);
    return reply;
  }

  /**
   * Checks with a look-up that a node accepts our credentials: if not, it answers as to a wrong
   * password.
   *
   * @throws MetaFailure if it does not
   */
  async #requireAcceptance(node: MetaNode, name: string, sending: MetaSending): Promise<void> {
    const url = new URL(userPath(name), node.url);
    const ask = (): Promise<MetaReply> =>
      this.#transport.get(url, { ...sending, budget: ACCEPTANCE_BUDGET, over: 'lookUps' });
    const reply = await node.accepting.run('', ask, 0);
    if (isRefusal(reply)) {
      throw new MetaFailure('credentials', `it answers with status ${String(reply.status)}`);
    }
  }

  async #tryNodes<T>(
    question: Pick<MetaQuestion<T>, 'about' | 'until' | 'verifies'>,
    attempt: (turn: Turn) => Promise<T>,
  ): Promise<T> {
    const refusing = new Set<MetaNode>();
    const began = performance.now();
    for await (const turn of this.#turns(question, refusing)) {
      const { node } = turn;
      try {
        const answer = await attempt(turn);
        this.#nodes.sort((one, other) => Number(other === node) - Number(one === node));
        this.#recordSuccess(node);
        return answer;
      } catch (error) {
        if (!(error instanceof MetaFailure)) throw error;
        this.#recordFailure(node, error, question.about);
        if (error.kind === 'credentials') refusing.add(node);
      }
    }
    const troubles = this.#nodes.map(({ url, trouble }) => `${url.host}: ${trouble}`);
    // Answers to others count too: a node that gives them is not down.
    const answered = this.#answeredAt >= began;
    const text = `no meta node gives an answer: ${troubles.join('; ')}`;
    throw new StoreUnavailableError(text, { answered });
  }

  /** Cancels all requests and closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /**
   * The nodes to ask, in rounds over all nodes with a pause in between. Each gets an equal share of
   * the time that is left.
   */
  async *#turns(
    { until, verifies = false }: Pick<MetaQuestion<unknown>, 'until' | 'verifies'>,
    refusing: ReadonlySet<MetaNode>,
  ): AsyncGenerator<Turn, void, void> {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const pause = round > 1 ? pauseBefore(round) : 0;
      if (pause >= timeLeft(until)) return;
      if (pause > 0) await sleep(pause);
      let isAnyAdmitted = false;
      for (const [index, node] of [...this.#nodes].entries()) {
        // A slow directory is as slow at the next node, and must not be asked about a password
        // again.
        const shares = verifies ? 1 : this.#nodes.length - index + Number(round < ROUNDS);
        const left = timeLeft(until);
        if (left < LEAST_BUDGET) return;
        const isAsked = !refusing.has(node) && node.breaker.admits();
        if (!isAsked) continue;
        isAnyAdmitted = true;
        yield { node, budget: leastBudget(left / shares) };
      }
      if (!isAnyAdmitted) return;
    }
  }

  #recordSuccess(node: MetaNode): void {
    this.#answeredAt = performance.now();
    if (node.breaker.succeeded()) this.#logger.info(`meta node ${node.url.host} answers again`);
  }

  /** @throws StoreUnavailableError if the store was closed */
  #recordFailure(node: MetaNode, { kind, message }: MetaFailure, about: string): void {
    if (this.#transport.isClosed)
      throw new StoreUnavailableError('the meta user store is not open');
    node.trouble = message;
    switch (kind) {
      case 'slow':
        return;
      case 'connection':
      case 'node':
        if (node.breaker.failed(kind === 'node' ? about : undefined)) {
          this.#logger.error(`meta node ${node.url.host} is down: ${message}`);
        }
        return;
      case 'credentials':
        node.trouble = this.#refusal(node, message);
        this.#recordSuccess(node);
        return;
      case 'answer':
      case 'too large':
        this.#recordSuccess(node);
    }
  }

  /** Logs once that a node refuses our credentials. */
  #refusal({ url }: MetaNode, message: string): string {
    const trouble = `refuses our credentials: ${message}; check ${this.#credentialOptions}`;
    if (!this.#isRefused) this.#logger.error(`meta node ${url.host} ${trouble}`);
    this.#isRefused = true;
    return trouble;
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
