import fc from 'fast-check';
import { OpenStream } from '../../../lib/authenticate/streams/open-stream.js';
import { StreamsByName } from '../../../lib/authenticate/streams/streams-by-name.js';
import { resolveUser } from '../../../lib/privileges/user.js';

const NAMES = ['amy', 'bob', 'eve'] as const;
const userOf = (name: string) => resolveUser({ name, type: 'normal', permissions: [] }, 'local');

function streamOf(name: string | undefined): OpenStream {
  return new OpenStream({
    request: { headers: {} },
    sent: { headers: {} },
    listener: () => undefined,
    user: name === undefined ? undefined : userOf(name),
    isSession: false,
  });
}

describe('streams by name', () => {
  it('are those of a user, and those whose user is not known yet', () => {
    const streams = new StreamsByName();
    const all = ['amy', 'bob', undefined].map(streamOf);
    const [amys, bobs, unknown] = all;
    for (const stream of all) streams.keep(stream);
    expect(streams.concernedBy('amy')).toEqual([amys, unknown]);
    expect(streams.concernedBy('eve')).toEqual([unknown]);
    if (unknown === undefined) throw new Error('it was made');
    unknown.first = userOf('bob');
    // It counts as unknown until it is kept anew, so that no change is missed.
    expect(streams.concernedBy('amy')).toEqual([amys, unknown]);
    streams.keep(unknown);
    expect(streams.concernedBy('amy')).toEqual([amys]);
    expect(streams.concernedBy('bob')).toEqual([bobs, unknown]);
  });

  it('are the same as by a look at each of them, whatever came, went and became known', () => {
    const step = fc.record({
      deed: fc.constantFrom('keep', 'name', 'delete'),
      index: fc.nat(7),
      name: fc.constantFrom(...NAMES),
    });
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom(...NAMES)), { minLength: 8, maxLength: 8 }),
        fc.array(step),
        (names, steps) => {
          const made = names.map((name) => streamOf(name ?? undefined));
          const streams = new StreamsByName();
          const kept = new Set<OpenStream>();
          for (const { deed, index, name } of steps) {
            const stream = made[index];
            if (stream === undefined) continue;
            if (deed === 'delete') expect(streams.delete(stream)).toBe(kept.delete(stream));
            if (deed === 'name') stream.first ??= userOf(name);
            if (deed === 'keep' || (deed === 'name' && kept.has(stream))) {
              streams.keep(stream);
              kept.add(stream);
            }
          }
          expect(streams.size).toBe(kept.size);
          expect(new Set(streams.all)).toEqual(kept);
          for (const name of NAMES) {
            const concerned = [...kept].filter((stream) => (stream.name ?? name) === name);
            expect(new Set(streams.concernedBy(name))).toEqual(new Set(concerned));
          }
        },
      ),
    );
  });
});
