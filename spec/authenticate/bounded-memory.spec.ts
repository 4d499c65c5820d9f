import fc from 'fast-check';
import { BoundedMemory } from '../../lib/authenticate/bounded-memory.js';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const lifetime = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined });
const step = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('has' as const), key }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat(9), lifetime }),
  fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.integer({ min: 1, max: 30 }) }),
);

/** The plainest memory that does the same: a list, the last used one at its end. */
class Model {
  items: { readonly key: string; readonly value: number; readonly endsAt: number }[] = [];

  readonly max: number;
  readonly usual: number;

  constructor(max: number, usual: number) {
    this.max = max;
    this.usual = usual;
  }

  find(wanted: string): number | undefined {
    const found = this.items.find((item) => item.key === wanted);
    return found !== undefined && performance.now() < found.endsAt ? found.value : undefined;
  }

  get(wanted: string): number | undefined {
    const value = this.find(wanted);
    const [item] = this.take(wanted);
    if (item !== undefined && value !== undefined) this.items.push(item);
    return value;
  }

  take(wanted: string): typeof this.items {
    const taken = this.items.filter((item) => item.key === wanted);
    this.items = this.items.filter((item) => item.key !== wanted);
    return taken;
  }

  set(wanted: string, value: number, lasting = this.usual): void {
    this.take(wanted);
    if (this.items.length >= this.max) this.items.shift();
    this.items.push({ key: wanted, value, endsAt: performance.now() + lasting });
  }
}

describe('a bounded memory', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('does what a plain list does that forgets the longest unused, whatever is asked of it', () => {
    const sizes = fc.integer({ min: 1, max: 4 });
    const usual = fc.constantFrom(Infinity, 20);
    const property = fc.property(sizes, usual, fc.array(step), (max, lasting, steps) => {
      const memory = new BoundedMemory<number>({ max, lifetime: lasting });
      const model = new Model(max, lasting);
      for (const each of steps) {
        if (each.kind === 'wait') jest.advanceTimersByTime(each.milliseconds);
        else if (each.kind === 'get') expect(memory.get(each.key)).toBe(model.get(each.key));
        else if (each.kind === 'has') {
          expect(memory.has(each.key)).toBe(model.find(each.key) !== undefined);
        } else if (each.kind === 'delete') {
          const isThere = model.find(each.key) !== undefined;
          model.take(each.key);
          expect(memory.delete(each.key)).toBe(isThere);
        } else {
          memory.set(each.key, each.value, each.lifetime);
          model.set(each.key, each.value, each.lifetime);
        }
        expect(memory.size).toBe(model.items.length);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never holds more than its bound', () => {
    const memory = new BoundedMemory<true>({ max: 1_000 });
    for (let index = 0; index < 5_000; index += 1) memory.set(String(index), true);
    expect(memory.size).toBe(1_000);
    expect([memory.has('3999'), memory.has('4000')]).toEqual([false, true]);
  });
});
