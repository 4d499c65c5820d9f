import { MetaFailure } from './meta-failure.js';

/** Kapacitor's limit. */
const MAX_REDIRECTS = 5;

/**
 * The way of one request from node to node. It goes to configured nodes, and to the leader that a configured node
 * names, but no further: where it goes, our credentials and perhaps a user's password go along, and the answer is
 * believed.
 */
export class RedirectTrail {
  readonly #configured: ReadonlySet<string>;
  readonly #visited = new Set<string>();
  #url: URL;

  /** @param configured - `host:port` of the configured nodes, as in {@link URL.host} */
  constructor(start: URL, configured: ReadonlySet<string>) {
    this.#url = start;
    this.#configured = configured;
  }

  /** Where the request goes now. */
  get url(): URL {
    return this.#url;
  }

  /**
   * Goes on to where a node sends the request (307 and 308; RFC 9110, section 15.4).
   *
   * @param location - the `Location` header, absolute or relative
   * @throws MetaFailure when it leads nowhere, in a circle, to plain HTTP or to a node that nobody vouches for
   */
  follow(location: unknown): void {
    if (typeof location !== 'string' || !URL.canParse(location, this.#url.href)) {
      throw new MetaFailure('node', 'it redirects without saying where');
    }
    const next = new URL(location, this.#url.href);
    this.#visited.add(this.#url.href);
    const objection = this.#objectionTo(next);
    if (objection !== undefined) {
      throw new MetaFailure('node', `it redirects to ${next.origin}, ${objection}`);
    }
    this.#url = next;
  }

  #objectionTo(next: URL): string | undefined {
    const secure = this.#url.protocol === 'https:';
    if (next.protocol !== 'https:' && (secure || next.protocol !== 'http:')) {
      return secure ? 'which is not https' : 'which is neither http nor https';
    }
    if (this.#visited.has(next.href)) return 'where the request came from';
    if (this.#visited.size > MAX_REDIRECTS) {
      return `after ${String(MAX_REDIRECTS)} redirects`;
    }
    const isVouchedFor = [next.host, this.#url.host].some((host) => this.#configured.has(host));
    if (!isVouchedFor && next.host !== this.#url.host) {
      return 'which is not in auth.meta-addr, nor named by a node that is';
    }
    return undefined;
  }
}
