import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A line to the database that a test cuts, or lets swallow what it is given. */
export class Proxy {
  /** Called with what is sent to the server; it is swallowed if this returns true. */
  swallows: (sent: Buffer) => boolean = () => false;
  /** Called with what is sent to the server; if this returns true, the line is cut before the answer. */
  cutsBeforeAnswerTo: (sent: Buffer) => boolean = () => false;
  /** True if the server's answers get lost from the moment on in which a change ends. */
  dropsAnswers = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(port: number) {
    this.#server = createServer((client) => {
      if (!this.#isOpen) {
        client.destroy();
        return;
      }
      const server = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      client.on('data', (sent) => {
        if (this.dropsAnswers && sent.includes('COMMIT'))
          server.removeAllListeners('data').resume();
        if (this.cutsBeforeAnswerTo(sent))
          server.removeAllListeners('data').once('data', () => client.destroy());
        if (!this.swallows(sent)) server.write(sent);
      });
      server.on('data', (sent) => client.write(sent));
    });
  }

  static async to(port: number): Promise<Proxy> {
    const proxy = new Proxy(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections, and takes no more. */
  cut(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isOpen = true;
    this.swallows = () => false;
    this.dropsAnswers = false;
    this.cutsBeforeAnswerTo = () => false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
