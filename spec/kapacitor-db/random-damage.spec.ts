import fc from 'fast-check';
import { memorySource } from '../../lib/kapacitor-db/bolt/byte-source.js';
import { Damage } from '../../lib/kapacitor-db/damage.js';
import { readSnapshot } from '../../lib/kapacitor-db/read-snapshot.js';
import { metaOf, seal } from './bolt-file.js';
import { sample, sampleNames } from './samples.js';

const PAGE = 4096;

describe('a damaged database', () => {
  const bytes = fc.oneof(fc.constantFrom(0, 1, 0xff, 0x7f, 0x80), fc.integer({ min: 0, max: 255 }));
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('byte' as const), at, byte: bytes }),
    fc.record({ kind: fc.constant('head' as const), at, byte: bytes, offset: fc.nat(64) }),
    fc.record({ kind: fc.constant('copy' as const), at, from: at }),
    fc.record({ kind: fc.constant('zeros' as const), at, length: fc.nat(600) }),
    fc.record({ kind: fc.constant('cut' as const), at }),
  );

  type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

  /** Damages a file, mostly where it holds something. */
  function damage(file: Buffer, change: Mutation): Buffer {
    const pages = file.length / PAGE;
    const place = Math.floor(change.at * file.length);
    const head = Math.floor(change.at * pages) * PAGE;
    if (change.kind === 'byte') file[place] = change.byte;
    else if (change.kind === 'head') file[head + change.offset] = change.byte;
    else if (change.kind === 'zeros')
      file.fill(0, place, Math.min(file.length, place + change.length));
    else if (change.kind === 'cut') return file.subarray(0, place);
    else {
      const from = Math.floor(change.from * pages) * PAGE;
      file.copy(file, head, from, from + PAGE);
    }
    return file;
  }

  const small = sampleNames.filter((name) => name !== 'large-pages');

  it('is read or refused, and no part of it is read twice', async () => {
    let [read, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (name, mutations, isSealed) => {
          const used = (file: Buffer) => file.subarray(0, metaOf(file).pageCount * PAGE);
          let file = used(sample(name));
          for (const each of mutations) file = damage(file, each);
          if (isSealed) seal(file);
          let asked = 0;
          const source = memorySource(file);
          const counting = {
            isStill: true,
            size: () => source.size(),
            read: (offset: number, target: Uint8Array) => {
              asked += target.length;
              source.read(offset, target);
            },
          };
          try {
            await readSnapshot(counting);
            read += 1;
          } catch (error) {
            expect(error).toBeInstanceOf(Damage);
            refused += 1;
          }
          // Pages once, the first of several twice; metas of all sizes before and after.
          expect(asked).toBeLessThanOrEqual(2 * file.length + 2 * 16 * 80);
        },
      ),
      { numRuns: 400 },
    );
    expect([read > 0, refused > 0]).toEqual([true, true]);
  });
});
