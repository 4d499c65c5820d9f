import { CircuitBreaker } from '../../../lib/stores/rules/circuit-breaker.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function failing(times: number): { breaker: CircuitBreaker; opened: boolean[] } {
  const breaker = new CircuitBreaker();
  return { breaker, opened: Array.from({ length: times }, () => breaker.failed()) };
}

describe('CircuitBreaker', () => {
  it('admits everything until three attempts in a row have failed', () => {
    const { breaker, opened } = failing(2);
    expect(opened).toEqual([false, false]);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
    expect(breaker.failed()).toBe(true);
    expect(breaker.admits()).toBe(false);
  });

  it('is not opened by one question that fails, however often', () => {
    const breaker = new CircuitBreaker();
    const opened = Array.from({ length: 100 }, () => breaker.failed('amy'));
    expect(new Set(opened)).toEqual(new Set([false]));
    expect(breaker.failed('bob')).toBe(true);
    expect(breaker.admits()).toBe(false);
  });

  it('can be opened without a failure, once', () => {
    const breaker = new CircuitBreaker();
    expect([breaker.trip(), breaker.trip(), breaker.failed()]).toEqual([true, false, false]);
    expect(breaker.admits()).toBe(false);
    expect(breaker.succeeded()).toBe(true);
    expect(breaker.admits()).toBe(true);
  });

  it('starts to count again after a success', () => {
    const { breaker } = failing(2);
    expect(breaker.succeeded()).toBe(false);
    expect(breaker.failed()).toBe(false);
    expect(breaker.admits()).toBe(true);
  });

  it('admits one attempt a second while it is open', () => {
    const { breaker } = failing(3);
    jest.advanceTimersByTime(999);
    expect(breaker.admits()).toBe(false);
    jest.advanceTimersByTime(1);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
    expect(breaker.failed()).toBe(false);
    jest.advanceTimersByTime(1000);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  });

  it('is not kept open by attempts from before it opened', () => {
    const { breaker } = failing(3);
    jest.advanceTimersByTime(900);
    expect(breaker.failed()).toBe(false);
    jest.advanceTimersByTime(100);
    expect(breaker.admits()).toBe(true);
  });

  it('closes with the first success', () => {
    const { breaker } = failing(3);
    expect(breaker.succeeded()).toBe(true);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
    expect(breaker.succeeded()).toBe(false);
  });
});
