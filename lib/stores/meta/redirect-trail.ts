import { MetaFailure } from './meta-failure.js';

/** Kapacitor's limit. */
const MAX_REDIRECTS = 5;

/**
 * The way of one request from node to node. It leads to configured nodes, and to those that a
 * configured node lists as members of its cluster, but no further: our credentials and perhaps a
 * user's password go along, and the answer is believed.
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

  /** The present target of the request. */
  get url(): URL {
    return this.#url;
  }

  /**
   * Follows a redirect of a node (307 and 308; RFC 9110, section 15.4).
   *
   * @param location - the `Location` header, absolute or relative
   * @param members - asks for the `host:port` of all members of the cluster
   * @throws MetaFailure if it leads nowhere, in a circle, to plain HTTP or to a node for which
   *   nobody vouches
   */
  async follow(location: unknown, members: () => Promise<readonly string[]> = none): Promise<void> {
    if (typeof location !== 'string' || !URL.canParse(location, this.#url.href)) {
      throw new MetaFailure('node', 'it redirects without saying where');
    }
    const next = new URL(location, this.#url.href);
    this.#visited.add(this.#url.href);
    const objection =
      this.#objectionTo(next) ??
      ((await this.#isVouchedFor(next, members))
        ? undefined
        : 'which is not in auth.meta-addr, nor listed by a node that is');
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
    return undefined;
  }

  async #isVouchedFor(next: URL, members: () => Promise<readonly string[]>): Promise<boolean> {
    if (next.host === this.#url.host || this.#configured.has(next.host)) return true;
    const urls = (await members())
      .map((address) => `${next.protocol}//${address}`)
      .filter((url) => URL.canParse(url))
      .map((url) => new URL(url));
    if (urls.some(({ host }) => host === next.host)) return true;
    // A node may list members by the port at which they talk to each other. Their API is expected
    // at a port of the configured nodes.
    const ports = [...this.#configured].map((host) => new URL(`${next.protocol}//${host}`).port);
    return ports.includes(next.port) && urls.some(({ hostname }) => hostname === next.hostname);
  }
}

function none(): Promise<readonly string[]> {
  return Promise.resolve([]);
}
