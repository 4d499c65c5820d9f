/**
 * The value of `import fc from 'fast-check'` in specs (jest's `moduleNameMapper`): the same, but that every property is seeded, has
 * as many cases as the run asks for, and is counted for the summary.
 */
import * as fastCheck from '../../node_modules/fast-check/lib/cjs/fast-check.js';
import { limitedProperty } from './limited-property.js';
import { generatedRuns, seed, tally } from './runs.js';

const DEFAULT_RUNS = 100;

/** Counts for the summary. */
function counting<Ts>(): ReturnType<fastCheck.Plugin<Ts>> {
  return {
    onAllRunsComplete: ({ numRuns }) => {
      tally('generated cases', numRuns);
      tally('properties', 1);
    },
  };
}

function assert<Ts>(
  property: fastCheck.IAsyncProperty<Ts>,
  parameters?: fastCheck.Parameters<Ts>,
): Promise<void>;
function assert<Ts>(property: fastCheck.IProperty<Ts>, parameters?: fastCheck.Parameters<Ts>): void;
function assert<Ts>(
  property: fastCheck.IRawProperty<Ts>,
  parameters: fastCheck.Parameters<Ts> = {},
): void | Promise<void> {
  const { numRuns = DEFAULT_RUNS } = parameters;
  const plugins = [counting<Ts>, ...(parameters.plugins ?? [])];
  const runs = generatedRuns(numRuns);
  const limited = limitedProperty(property, runs);
  return fastCheck.assert(limited, { seed, ...parameters, plugins, numRuns: runs.numRuns });
}

export * from '../../node_modules/fast-check/lib/cjs/fast-check.js';
export { assert };
export default { ...fastCheck, assert };
