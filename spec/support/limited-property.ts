import type { IRawProperty } from '../../node_modules/fast-check/lib/cjs/fast-check.js';
import { PreconditionFailure } from '../../node_modules/fast-check/lib/cjs/fast-check.js';
import type { GeneratedRuns } from './runs.js';

/** The clock itself: a spec may set another meanwhile. */
const now = performance.now.bind(performance);

/**
 * The same property, of which no case begins after the limit of time. Those that it has at least are
 * tried however long they take, and none is broken off: what one began could go on beside the next.
 */
export function limitedProperty<Ts>(
  property: IRawProperty<Ts>,
  { least, milliseconds = Infinity }: Pick<GeneratedRuns, 'least' | 'milliseconds'>,
): IRawProperty<Ts> {
  const end = now() + milliseconds;
  let begun = 0;
  return {
    isAsync: () => property.isAsync(),
    generate: (random, id) => property.generate(random, id),
    shrink: (value) => property.shrink(value),
    runBeforeEach: () => property.runBeforeEach(),
    runAfterEach: () => property.runAfterEach(),
    run: (value) => {
      if (begun >= least && now() >= end) {
        const stop = new PreconditionFailure(true);
        return property.isAsync() ? Promise.resolve(stop) : stop;
      }
      begun += 1;
      return property.run(value);
    },
  };
}
