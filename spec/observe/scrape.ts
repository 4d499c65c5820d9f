/** A scrape: each series with its value. */
export type Scrape = Readonly<Record<string, number>>;

/** Reads Prometheus' text format, in which each line is a comment or a series and its value. */
export function parseScrape(text: string): Scrape {
  const series = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => /^([a-z_]+(?:{[^{}]*})?) (\S+)$/.exec(line) ?? [line, line, 'NaN']);
  return Object.fromEntries(series.map(([, name = '', value]) => [name, Number(value)]));
}

/** The differences between two scrapes. */
export function difference(before: Scrape, after: Scrape): Scrape {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
      .filter(([, value]) => value !== 0),
  );
}
