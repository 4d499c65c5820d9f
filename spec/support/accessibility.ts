// Its text is all that is used of it: the page runs it.
import { source } from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** WCAG 2.0 to 2.2, levels A and AA, and what axe advises beyond. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Forced colours are the reader's own, and axe sees those of the page. */
const FORCED = { 'color-contrast': { enabled: false } };

const resultsSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** Ways in which people see a page. */
const LOOKS = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, rules: {} },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, rules: {} },
  { name: 'forced colours', media: { colorScheme: 'dark', forcedColors: 'active' }, rules: FORCED },
] as const;

/**
 * Returns what axe finds wrong with a page in light, in dark and in forced colours; a line each. The page must be opened with script.
 */
export async function violations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, media, rules } of LOOKS) {
    await page.emulateMedia(media);
    // Not as a script tag, which a page's policy may forbid.
    await page.evaluate(source);
    const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'], rules });
    const results = resultsSchema.parse(await page.evaluate(`axe.run(document, ${options})`));
    found.push(
      ...results.violations.flatMap(({ id, help, nodes }) =>
        nodes.map(
          ({ html, failureSummary = '' }) =>
            `${name}: ${id}: ${help}: ${html} (${failureSummary.replace(/\s+/g, ' ')})`,
        ),
      ),
    );
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  return found;
}
