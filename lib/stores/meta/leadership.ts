import { MetaFailure } from './meta-failure.js';
import type { MetaReply } from './meta-transport.js';

/** How long what a node said of its leader counts, in milliseconds. */
const ONCE_A_SECOND = 1000;

/**
 * Whether a meta node's cluster has a leader. A node that has just started, lost its leader or belongs to no cluster knows no users: it
 * answers 404 for everybody.
 */
export class Leadership {
  readonly #ask: (budget: number) => Promise<MetaReply>;
  #asked: { readonly at: number; readonly reply: Promise<MetaReply> } | undefined;

  /** @param ask - asks the node for its status, in so many milliseconds */
  constructor(ask: (budget: number) => Promise<MetaReply>) {
    this.#ask = ask;
  }

  /**
   * Asks the node at most once a second, however many want to know.
   *
   * @param budget - how long that may take, in milliseconds
   * @throws MetaFailure when the node has no leader, or doesn't answer
   */
  async require(budget: number): Promise<void> {
    const now = performance.now();
    if (this.#asked === undefined || now - this.#asked.at >= ONCE_A_SECOND) {
      this.#asked = { at: now, reply: this.#ask(budget) };
    }
    if (isLeaderless(await this.#asked.reply)) {
      throw new MetaFailure('node', 'its cluster has no leader, so that it knows no users');
    }
  }
}

/** A node that doesn't tell of its leader is believed to have one. */
function isLeaderless({ status, body }: MetaReply): boolean {
  if (status !== 200) return false;
  try {
    const told: unknown = JSON.parse(body);
    return typeof told === 'object' && told !== null && 'leader' in told && told.leader === '';
  } catch {
    return false;
  }
}
