import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * The faults of a network. `cut`: connections end, and no new ones come about. `silent`: nothing arrives, and all of it does once it
 * is over. `swallowed`: what is sent meanwhile is lost for good. `dead`: connections that are there deliver nothing any more, new
 * ones do. `slow`: everything arrives a while later.
 */
export type Trouble = 'cut' | 'silent' | 'swallowed' | 'dead' | 'slow';

/** The connections that have a trouble: all, or only those that listen for changes. */
export type Concerned = 'all' | 'listener';

/** The delay of everything in a slow network, in milliseconds. */
const SLOW = 150;

interface Fault {
  readonly trouble: Trouble;
  readonly concerned: Concerned;
}

/** A wire to the database, in which a test puts faults. */
export class Wire {
  /** Called with what is sent to the database, before it passes. */
  onSent: (sent: string) => void = () => undefined;
  readonly #server = createServer((client) => {
    this.#accept(client);
  });
  readonly #pairs = new Set<Pair>();
  readonly #target: number;
  #fault: Fault | undefined;

  private constructor(target: number) {
    this.#target = target;
  }

  static async to(target: number): Promise<Wire> {
    const wire = new Wire(target);
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it is closed');
    return address.port;
  }

  fail(trouble: Trouble, concerned: Concerned = 'all'): void {
    this.#fault = { trouble, concerned };
    for (const pair of this.#pairs) {
      if (trouble === 'dead' && this.#isConcerned(pair)) pair.isSpoilt = true;
      if (trouble === 'cut' && this.#isConcerned(pair)) pair.end();
    }
  }

  heal(): void {
    this.#fault = undefined;
    for (const pair of this.#pairs) pair.release();
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const pair of this.#pairs) pair.end();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const pair = new Pair(client, connect(this.#target, '127.0.0.1'), (chunk, isSent) => {
      if (isSent) this.#look(pair, chunk.toString('latin1'));
      this.#carry(pair, chunk, isSent);
    });
    this.#pairs.add(pair);
    pair.onEnd = () => this.#pairs.delete(pair);
    if (this.#fault?.trouble === 'cut' && this.#fault.concerned === 'all') pair.end();
  }

  #look(pair: Pair, sent: string): void {
    pair.listens ||= sent.includes('LISTEN ');
    this.onSent(sent);
    const fault = this.#fault;
    if (fault?.trouble === 'cut' && this.#isConcerned(pair)) pair.end();
  }

  #carry(pair: Pair, chunk: Buffer, isSent: boolean): void {
    if (pair.isSpoilt) return;
    const trouble = this.#isConcerned(pair) ? this.#fault?.trouble : undefined;
    if (trouble === 'swallowed') pair.isSpoilt = true;
    else if (trouble === 'silent') pair.hold(chunk, isSent);
    else pair.carry(chunk, isSent, trouble === 'slow' ? SLOW : 0);
  }

  #isConcerned({ listens }: Pair): boolean {
    return this.#fault?.concerned === 'all' || (this.#fault !== undefined && listens);
  }
}

/** A connection of a client and the one that it leads to. */
class Pair {
  listens = false;
  /** Something was lost, so nothing that comes later makes sense. */
  isSpoilt = false;
  onEnd: () => void = () => undefined;
  readonly #ends: readonly [client: Socket, server: Socket];
  readonly #held: (readonly [chunk: Buffer, isSent: boolean])[] = [];
  readonly #due: [number, number] = [0, 0];

  constructor(client: Socket, server: Socket, onData: (chunk: Buffer, isSent: boolean) => void) {
    this.#ends = [client, server];
    for (const [index, socket] of this.#ends.entries()) {
      socket.setNoDelay(true);
      socket.on('data', (chunk: Buffer) => {
        onData(chunk, index === 0);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.end();
      });
    }
  }

  hold(chunk: Buffer, isSent: boolean): void {
    this.#held.push([chunk, isSent]);
  }

  release(): void {
    for (const [chunk, isSent] of this.#held.splice(0)) this.carry(chunk, isSent, 0);
  }

  /** Writes, some milliseconds later, but never before what was written earlier. */
  carry(chunk: Buffer, isSent: boolean, later: number): void {
    const to = this.#ends[isSent ? 1 : 0];
    const way = isSent ? 1 : 0;
    const now = performance.now();
    const due = Math.max(this.#due[way], later === 0 ? 0 : now + later);
    this.#due[way] = due;
    if (due <= now) to.write(chunk);
    else setTimeout(() => to.write(chunk), due - now);
  }

  end(): void {
    for (const socket of this.#ends) socket.destroy();
    this.onEnd();
  }
}
