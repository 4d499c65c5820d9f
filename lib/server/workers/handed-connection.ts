import type { Worker } from 'node:cluster';

interface Handle {
  close(): void;
}

/**
 * Closes the connection that a worker was handed and had not taken when it ended. `node:cluster`
 * waits for its answer and keeps the connection open for ever: the client would wait for nothing.
 */
export function closeWhatDeadWorkersHold(worker: Worker): void {
  const { process: child } = worker;
  const send: unknown = Reflect.get(child, 'send');
  if (typeof send !== 'function') return;
  // A worker is handed one connection at a time. To close one that it took does no harm: this
  // process closed its own end of it long before.
  let handed: Handle | undefined;
  Reflect.set(child, 'send', (message: unknown, handle: unknown, ...rest: unknown[]): unknown => {
    if (isConnection(message) && isHandle(handle)) handed = handle;
    const isSent: unknown = Reflect.apply(send, child, [message, handle, ...rest]);
    return isSent;
  });
  worker.once('exit', () => handed?.close());
}

function isConnection(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && Reflect.get(message, 'act') === 'newconn'
  );
}

function isHandle(value: unknown): value is Handle {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'close') === 'function'
  );
}
