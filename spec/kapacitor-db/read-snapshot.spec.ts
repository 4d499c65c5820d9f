import type { ByteSource } from '../../lib/kapacitor-db/bolt/byte-source.js';
import { memorySource } from '../../lib/kapacitor-db/bolt/byte-source.js';
import { Damage } from '../../lib/kapacitor-db/damage.js';
import { readSnapshot } from '../../lib/kapacitor-db/read-snapshot.js';
import { metaOf, seal } from './bolt-file.js';
import { sample } from './samples.js';

const PAGE = 4096;

/** Nothing is copied first, as with a large file. */
const IN_PLACE = 0;

/** Raises the transaction of the newest head, as a change of the database does. */
function touch(file: Buffer): void {
  const { at, transaction } = metaOf(file);
  file.writeBigUInt64LE(BigInt(transaction + 2), at + 48);
  seal(file);
}

/** A file that changes while it is read. @param change - is called before each page of data */
function changing(file: Buffer, change: () => void): ByteSource {
  const source = memorySource(file);
  return {
    isStill: false,
    size: () => source.size(),
    read(offset, target) {
      if (target.length >= PAGE) change();
      source.read(offset, target);
    },
  };
}

describe('the reading of a database that changes', () => {
  it('begins again until nothing changed meanwhile', async () => {
    const file = sample('branches');
    let changes = 0;
    const source = changing(file, () => {
      changes += 1;
      // Within the first reading and within the second.
      if (changes === 5 || changes === 60) touch(file);
    });
    const content = await readSnapshot(source, IN_PLACE);
    expect(content?.users).toHaveLength(300);
    expect(changes).toBeGreaterThan(60);
  });

  it('begins again if pages are overwritten on the way', async () => {
    const [file, whole] = [sample('branches'), sample('branches')];
    let pages = 0;
    const source = changing(file, () => {
      pages += 1;
      if (pages === 3) {
        file.fill(0xff, 2 * PAGE);
        touch(file);
      } else if (pages === 4) {
        whole.copy(file, 2 * PAGE, 2 * PAGE);
      }
    });
    expect((await readSnapshot(source, IN_PLACE))?.users).toHaveLength(300);
  });

  it('begins again if a small one changed while it was copied', async () => {
    const [file, whole] = [sample('branches'), sample('branches')];
    let copies = 0;
    const source = changing(file, () => {
      copies += 1;
      if (copies === 1) {
        file.fill(0xff, 2 * PAGE);
        touch(file);
      } else {
        whole.copy(file, 2 * PAGE, 2 * PAGE);
      }
    });
    expect((await readSnapshot(source))?.users).toHaveLength(300);
    expect(copies).toBe(2);
  });

  it.each([
    ['is copied first', undefined],
    ['is read in place', IN_PLACE],
  ])('ends after 20 readings if it %s', async (_how, copied) => {
    const file = sample('inline');
    let changes = 0;
    const source = changing(file, () => {
      changes += 1;
      touch(file);
    });
    expect(await readSnapshot(source, copied)).toBeUndefined();
    expect(changes).toBe(20);
  });

  it('doesn’t begin again for damage without any change', async () => {
    const file = sample('branches').fill(0xff, 2 * PAGE);
    let pages = 0;
    const source = changing(file, () => {
      pages += 1;
    });
    await expect(readSnapshot(source, IN_PLACE)).rejects.toBeInstanceOf(Damage);
    expect(pages).toBe(1);
  });
});
