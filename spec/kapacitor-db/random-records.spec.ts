import fc from 'fast-check';
import { findBucket, itemsOf } from '../../lib/kapacitor-db/bolt/bucket.js';
import { memorySource } from '../../lib/kapacitor-db/bolt/byte-source.js';
import { newestMeta } from '../../lib/kapacitor-db/bolt/meta.js';
import { PageReader } from '../../lib/kapacitor-db/bolt/page-reader.js';
import { Damage } from '../../lib/kapacitor-db/damage.js';
import { USER_BUCKET } from '../../lib/kapacitor-db/user-bucket.js';
import { readUserRecord } from '../../lib/kapacitor-db/user-record.js';
import { sample, sampleNames } from './samples.js';

/** The records of all samples, as Kapacitor wrote them. */
function records(): readonly Buffer[] {
  return sampleNames.flatMap((name) => {
    const source = memorySource(sample(name));
    const meta = newestMeta(source);
    const pages = new PageReader(source, meta);
    const bucket = findBucket(itemsOf(pages, { kind: 'tree', root: meta.root }), USER_BUCKET);
    if (bucket === undefined) return [];
    const items = Array.from(itemsOf(pages, bucket), ({ key, value }) => ({
      isUser: Buffer.from(key).toString().startsWith('/users/data/'),
      value: Buffer.from(value),
    }));
    return items.filter(({ isUser }) => isUser).map(({ value }) => value);
  });
}

it('a record with some other bytes is read or refused as damaged, and nothing else', () => {
  const all = records();
  expect(all.length).toBeGreaterThan(10);
  const change = fc.record({ at: fc.nat(), byte: fc.oneof(fc.nat(255), fc.nat(12)) });
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (record, changes, isCut) => {
        const bytes = Buffer.from(record);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const [{ at } = { at: 0 }] = changes;
        const damaged = isCut ? bytes.subarray(0, at % bytes.length) : bytes;
        try {
          readUserRecord('amy', damaged);
        } catch (error) {
          if (!(error instanceof Damage)) throw error;
          refused += 1;
        }
      },
    ),
    { numRuns: 20_000 },
  );
  expect(refused).toBeGreaterThan(0);
});
