import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { until } from '../../support/until.js';

/** A connection on which a test writes bytes as they are, and which keeps all that comes back. */
export class RawConnection {
  readonly socket: Socket;
  received = '';
  /** All that came, once the other side has ended. */
  readonly ended: Promise<string>;

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    this.ended = new Promise((resolve) => {
      this.socket.on('error', () => undefined);
      for (const event of ['end', 'close']) {
        this.socket.once(event, () => {
          resolve(this.received);
        });
      }
    });
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** The statuses of all answers so far. */
  get statuses(): readonly number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** Waits until so many answers came. */
  async answers(count: number): Promise<readonly number[]> {
    await until(`${String(count)} answers came`, () => this.statuses.length >= count);
    return this.statuses;
  }
}
