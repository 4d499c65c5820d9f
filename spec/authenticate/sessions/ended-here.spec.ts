import { EndedHere } from '../../../lib/authenticate/sessions/ended-here.js';

const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;

describe('sessions that one process ended', () => {
  it('are ended for ever, others are not', () => {
    const ended = new EndedHere();
    expect(ended.add({ id: 'a', startedAt: NOW, until: NOW + HOUR }, NOW)).toBe(true);
    expect(ended.has({ id: 'a', startedAt: NOW })).toBe(true);
    expect(ended.has({ id: 'b', startedAt: NOW })).toBe(false);
  });

  it('are never more than 10,000, and none is forgotten before it would be over', () => {
    const ended = new EndedHere();
    const added = Array.from({ length: 100_000 }, (_, each) => ({
      id: String(each),
      startedAt: NOW,
      until: NOW + HOUR,
    })).filter((session) => ended.add(session, NOW));
    expect(ended.size).toBe(10_000);
    expect(added).toHaveLength(10_000);
    expect(added.every((session) => ended.has(session))).toBe(true);
    // An ended one may be ended again.
    expect(ended.add({ id: '0', startedAt: NOW, until: NOW + HOUR }, NOW)).toBe(true);
  });

  it('make room once they would be over', () => {
    const ended = new EndedHere();
    for (let each = 0; each < 10_000; each += 1) {
      ended.add({ id: String(each), startedAt: NOW, until: NOW + HOUR + (each % 2) }, NOW);
    }
    const late = { id: 'late', startedAt: NOW + HOUR, until: NOW + 2 * HOUR };
    expect(ended.add(late, NOW + HOUR - 1)).toBe(false);
    expect(ended.add(late, NOW + 2 * HOUR - 1)).toBe(true);
    expect(ended.size).toBe(1);
  });

  it('can be all at once, with those that were told apart before', () => {
    const ended = new EndedHere();
    const ahead = { id: 'ahead', startedAt: NOW + 30_000, until: NOW + HOUR };
    ended.add(ahead, NOW);
    ended.endAll({ id: 'x', startedAt: NOW - 5, until: NOW + HOUR }, NOW);
    expect(ended.size).toBe(0);
    expect(ended.has(ahead)).toBe(true);
    expect(ended.has({ id: 'other', startedAt: NOW })).toBe(true);
    const { earliestStart } = ended;
    expect(ended.has({ id: 'new', startedAt: earliestStart })).toBe(false);
  });
});
