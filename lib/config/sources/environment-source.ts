import { optionRows } from '../option-rows.js';
import type { Settings } from '../raw-value.js';

/** The environment's variables; an empty one counts as unset. */
export type Variables = ReadonlyMap<string, string>;

/** Collects the variables that are set. */
export function variablesIn(environment: NodeJS.ProcessEnv): Variables {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

/** Collects the settings of the environment. */
export function readEnvironment(variables: Variables): Settings {
  return new Map(
    optionRows.flatMap(({ id, variable }) => {
      const value = variables.get(variable);
      return value === undefined ? [] : [[id, { value, origin: variable, isText: true }]];
    }),
  );
}
