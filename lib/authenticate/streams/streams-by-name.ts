import type { OpenStream } from './open-stream.js';

/** No user has this name: that of streams whose user is not known yet. */
const UNKNOWN = '';

/** Streams by the names of their users: a change of one user looks at no stream of another. */
export class StreamsByName {
  /** The name under which each stream is kept. */
  readonly #names = new Map<OpenStream, string>();
  readonly #groups = new Map<string, Set<OpenStream>>();

  /** The number of streams. */
  get size(): number {
    return this.#names.size;
  }

  /** All streams. */
  get all(): Iterable<OpenStream> {
    return this.#names.keys();
  }

  has(stream: OpenStream): boolean {
    return this.#names.has(stream);
  }

  /** Keeps a stream; done again once its user is known, it is kept under that name. */
  keep(stream: OpenStream): void {
    const { name = UNKNOWN } = stream;
    if (this.#names.get(stream) === name) return;
    this.delete(stream);
    this.#names.set(stream, name);
    const group = this.#groups.get(name) ?? new Set();
    this.#groups.set(name, group.add(stream));
  }

  /** Removes a stream; returns false if it was not there. */
  delete(stream: OpenStream): boolean {
    const name = this.#names.get(stream);
    if (name === undefined) return false;
    const group = this.#groups.get(name);
    group?.delete(stream);
    if (group?.size === 0) this.#groups.delete(name);
    return this.#names.delete(stream);
  }

  /** The streams that a change of a user may concern: also those whose user is not known yet. */
  concernedBy(name: string): readonly OpenStream[] {
    return [...(this.#groups.get(name) ?? []), ...(this.#groups.get(UNKNOWN) ?? [])];
  }

  clear(): void {
    this.#names.clear();
    this.#groups.clear();
  }
}
