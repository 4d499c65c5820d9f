import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Exchange } from '../../../lib/server/gateway/exchange.js';
import { LastingExchanges } from '../../../lib/server/gateway/lasting-exchanges.js';

/** Milliseconds between two looks. */
const EVERY = 25;

describe('exchanges of a gateway', () => {
  const onRevoked = jest.fn(() => () => undefined);
  let lasting: LastingExchanges;

  beforeEach(() => {
    jest.useFakeTimers();
    onRevoked.mockClear();
    lasting = new LastingExchanges({ onRevoked });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Adds one; returns a function that ends it. */
  function add(): () => void {
    const request = new IncomingMessage(new Socket());
    const response = new ServerResponse(request);
    const parts = { request, response, body: null, timeout: 0, fail: () => undefined };
    const exchange = new Exchange({ ...parts, isWrite: false, hasAccount: false, judges: false });
    lasting.add({ exchange, request, response, judge: () => undefined });
    return () => {
      response.emit('close');
    };
  }

  it('are watched once they last two looks', () => {
    add();
    jest.advanceTimersByTime(EVERY);
    expect(onRevoked).not.toHaveBeenCalled();
    jest.advanceTimersByTime(EVERY);
    expect(onRevoked).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['before the first look', 0],
    ['between two looks', EVERY],
  ])('are let go at once if they end %s', (_when, after) => {
    const end = add();
    add();
    jest.advanceTimersByTime(after);
    end();
    jest.advanceTimersByTime(4 * EVERY);
    expect(onRevoked).toHaveBeenCalledTimes(1);
  });

  it('are looked for again after a pause, and not during it', () => {
    add();
    jest.advanceTimersByTime(2 * EVERY);
    expect(jest.getTimerCount()).toBe(0);
    add();
    jest.advanceTimersByTime(2 * EVERY);
    expect(onRevoked).toHaveBeenCalledTimes(2);
  });
});
