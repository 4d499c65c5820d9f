import { shownTime } from '../../lib/pages/time.js';

describe('a time on the pages', () => {
  it.each([
    ['2026-11-28T16:45:59.123Z', 'minute', '2026-11-28 16:45 UTC'],
    ['2026-11-28T16:45:59Z', 'second', '2026-11-28 16:45:59 UTC'],
    [Date.UTC(2026, 10, 28, 16, 45), 'minute', '2026-11-28 16:45 UTC'],
  ] as const)('shows %s up to the %s', (at, upTo, text) => {
    const shown = shownTime(at, upTo).toString();
    expect(shown).toBe(`<time datetime="${new Date(at).toISOString()}">${text}</time>`);
  });

  it('shows a text that is no time as it is', () => {
    expect(shownTime('<never>').toString()).toBe('&lt;never&gt;');
  });
});
