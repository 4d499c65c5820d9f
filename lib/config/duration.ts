/**
 * Nanoseconds of each unit of Go's `time.ParseDuration`; both characters that look like a micro
 * sign count.
 */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const PART = /(?:\d+(?:\.\d*)?|\.\d+)[a-z\u00b5\u03bc]+/g;
const DURATION = new RegExp(`^[-+]?(?:0|(?:${PART.source})+)$`);

/** Go's largest duration, about 292 years. */
const MAX_NANOSECONDS = 2n ** 63n - 1n;

/**
 * Reads a duration as Go's `time.ParseDuration` does: `10m`, `1h30m`, `1.5h`, `-500ms`, `0`.
 *
 * @returns milliseconds, with a fraction if the text is that precise; undefined if it is no
 *   duration
 */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let nanoseconds = 0n;
  for (const [part] of text.matchAll(PART)) {
    const unit = UNITS.get(part.replace(/^[\d.]+/, ''));
    if (unit === undefined) return undefined;
    const decimals = part.replace(/^\d*\.?|\D+$/g, '').length;
    nanoseconds += (BigInt(part.replace(/\D/g, '')) * unit) / 10n ** BigInt(decimals);
  }
  if (nanoseconds > MAX_NANOSECONDS) return undefined;
  // Apart, since together they would lose digits.
  const milliseconds = Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
  return text.startsWith('-') ? 0 - milliseconds : milliseconds;
}

/** Writes milliseconds as a duration: `1h30m`, `1.5s`, `500ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1000) return `${String(milliseconds)}ms`;
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(milliseconds / 3_600_000), 'h'],
    [Math.floor(milliseconds / 60_000) % 60, 'm'],
    [(milliseconds % 60_000) / 1000, 's'],
  ];
  return parts.map(([number, unit]) => (number === 0 ? '' : `${String(number)}${unit}`)).join('');
}
