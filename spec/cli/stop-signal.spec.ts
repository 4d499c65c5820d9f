import { notingStop, stopSignal } from '../../lib/cli/stop-signal.js';

describe('stopSignal', () => {
  let now: jest.SpyInstance<number>;

  beforeEach(() => {
    now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    jest.spyOn(process, 'exit').mockImplementation((exitCode) => {
      throw new Error(`exit ${String(exitCode)}`);
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('waits for %s', async (signal) => {
    const stopped = stopSignal();
    process.emit(signal, signal);
    await expect(stopped).resolves.toBe(signal);
  });

  it('is told to what goes on until it stops itself, and not listened for after that', async () => {
    const before = process.listenerCount('SIGINT');
    const told = await notingStop((noted) => {
      const first = noted();
      process.emit('SIGTERM', 'SIGTERM');
      return Promise.resolve([first, noted()]);
    });
    expect(told).toEqual([undefined, 'SIGTERM']);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('takes the same Ctrl-C sent by the terminal and by npm for one', async () => {
    const stopped = stopSignal();
    process.emit('SIGINT', 'SIGINT');
    now.mockReturnValue(1400);
    process.emit('SIGINT', 'SIGINT');
    await expect(stopped).resolves.toBe('SIGINT');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends the process at once with a second signal, %s', async (signal, exitCode) => {
    const stopped = stopSignal();
    process.emit('SIGTERM', 'SIGTERM');
    now.mockReturnValue(1600);
    expect(() => process.emit(signal, signal)).toThrow(`exit ${String(exitCode)}`);
    await stopped;
  });
});
