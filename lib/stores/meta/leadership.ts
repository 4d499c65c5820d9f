import { MetaFailure } from './meta-failure.js';
import type { MetaReply } from './meta-transport.js';

/** Milliseconds for which a node's answer about its cluster counts. */
const ONCE_A_SECOND = 1000;

/**
 * Knows the leader and the members of a meta node's cluster. A node that has just started, lost its
 * leader or belongs to no cluster knows no users: it answers 404 for everybody.
 */
export class Leadership {
  readonly #ask: (budget: number) => Promise<MetaReply>;
  #asked: { readonly at: number; readonly reply: Promise<MetaReply> } | undefined;

  /** @param ask - asks the node for its status; `budget` in milliseconds */
  constructor(ask: (budget: number) => Promise<MetaReply>) {
    this.#ask = ask;
  }

  /**
   * Checks that the node has a leader. It asks the node at most once a second, however many want to
   * know.
   *
   * @param budget - time that the question may take, in milliseconds
   * @throws MetaFailure if the node has no leader, or doesn't answer
   */
  async require(budget: number): Promise<void> {
    const status = await this.#status(budget);
    // If a node doesn't mention its leader, we assume that it has one.
    if (status?.leader === '') {
      throw new MetaFailure('node', 'its cluster has no leader, so that it knows no users');
    }
  }

  /**
   * The `host:port` of all members that the node names; none if it names none.
   *
   * @param budget - time that the question may take, in milliseconds
   * @throws MetaFailure if the node doesn't answer
   */
  async members(budget: number): Promise<readonly string[]> {
    const { leader, httpAddr, peers } = (await this.#status(budget)) ?? {};
    const others: readonly unknown[] = Array.isArray(peers) ? peers : [];
    return [leader, httpAddr, ...others].filter(
      (address): address is string => typeof address === 'string',
    );
  }

  async #status(budget: number): Promise<Status | undefined> {
    const now = performance.now();
    if (this.#asked === undefined || now - this.#asked.at >= ONCE_A_SECOND) {
      const asked = { at: now, reply: this.#ask(budget) };
      this.#asked = asked;
      // The asker perhaps had little time left; the next one may have more.
      asked.reply.catch(() => {
        if (this.#asked === asked) this.#asked = undefined;
      });
    }
    return readStatus(await this.#asked.reply);
  }
}

/** A node's answer about its cluster. */
interface Status {
  readonly leader?: unknown;
  readonly httpAddr?: unknown;
  readonly peers?: unknown;
}

function readStatus({ status, body }: MetaReply): Status | undefined {
  if (status !== 200) return undefined;
  try {
    const told: unknown = JSON.parse(body);
    return typeof told === 'object' && told !== null ? told : undefined;
  } catch {
    return undefined;
  }
}
