import { isDeepStrictEqual } from 'node:util';

/** A difference on purpose from what Kapacitor answered. */
export interface Override<Case> {
  /** The number of the deviation that it follows from. */
  readonly deviation: number;
  /** Which of the recorded cases differ. */
  readonly matches: (recorded: Case) => boolean;
  /** The answer that is expected in place of the recorded one. */
  readonly expected: (recorded: Case) => Partial<Case>;
}

/**
 * The recorded cases with what is expected here; where several overrides match, the later one has the last word.
 *
 * @throws Error for an override that matches nothing, or changes nothing where it matches: it is out of date
 */
export function applyOverrides<Case extends object>(
  cases: readonly Case[],
  overrides: readonly Override<Case>[],
): readonly Case[] {
  const used = new Set<Override<Case>>();
  const judged = cases.map((recorded) =>
    overrides.reduce<Case>((expected, override) => {
      if (!override.matches(recorded)) return expected;
      const overridden = { ...expected, ...override.expected(recorded) };
      if (isDeepStrictEqual(overridden, expected)) {
        fail(override, `changes nothing in ${JSON.stringify(recorded)}`);
      }
      used.add(override);
      return overridden;
    }, recorded),
  );
  for (const override of overrides) if (!used.has(override)) fail(override, 'matches nothing');
  return judged;
}

function fail<Case>({ deviation }: Override<Case>, problem: string): never {
  throw new Error(`an override for deviation ${String(deviation)} ${problem}`);
}
