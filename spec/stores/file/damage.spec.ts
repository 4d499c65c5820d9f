import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { AMY, FileBench } from '../file-bench.js';

const root = temporaryFolder();
let bench: FileBench;

beforeEach(() => {
  bench = new FileBench(root);
});

afterEach(async () => {
  await bench.end();
});

describe('a FileUserStore on a file that is not as it should be', () => {
  it('does not open on a broken file, which it leaves as it is, and opens once that is mended', async () => {
    writeFileSync(bench.path, '{ "version": 1,\n  "users": [,] }');
    const store = bench.make();
    for (let time = 0; time < 2; time++) {
      await expect(store.open()).rejects.toMatchObject({
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        message: `the user file ${bench.path} can't be used: line 2, column 13: from here on the file is not JSON`,
      });
      expect(() => store.find('amy')).toThrow('the user store is not open');
      await expect(store.create(AMY)).rejects.toThrow('the user store is not open');
    }
    expect(readFileSync(bench.path, 'utf8')).toBe('{ "version": 1,\n  "users": [,] }');
    bench.write([AMY]);
    await store.open();
    expect(store.find('amy')).toEqual(AMY);
  });

  it.each([
    ['of something else', '{"name": "kapacitor-auth"}', 'version must be 1 or 2'],
    ['of a later version', '{"version": 3, "users": []}', 'version must be 1 or 2'],
    [
      'with a hash of another scheme',
      '{"version": 1, "users": [{"name": "amy", "hash": "pw"}]}',
      'bcrypt',
    ],
    ['with nothing in it', '', 'not JSON'],
  ])('does not open on a file %s', async (_, text, problem) => {
    writeFileSync(bench.path, text);
    await expect(bench.make().open()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: expect.stringContaining(problem),
    });
  });

  it('does not open on a folder', async () => {
    mkdirSync(bench.path);
    await expect(bench.make().open()).rejects.toThrow("can't be used: it is not a file");
  });

  it.each([
    [
      'is broken',
      () => {
        writeFileSync(bench.path, '{ "version": 1 }');
      },
      "can't be used: line 1, column 1: users must be a list",
    ],
    [
      'is gone',
      () => {
        rmSync(bench.path);
      },
      "can't be used: it is gone: put it back, or restart to begin without users",
    ],
    [
      'can not be looked at',
      () => {
        rmSync(bench.path);
        symlinkSync(bench.path, bench.path);
      },
      "can't be found, as links lead in a circle: mend the links, or set store.path",
    ],
  ])(
    'keeps its users and refuses changes while the file %s, and says so once',
    async (_, damage, problem) => {
      bench.write([AMY]);
      const { store, look } = await bench.openLooking();
      damage();
      for (let time = 0; time < 5; time++) {
        await look();
        expect(store.find('amy')).toEqual(AMY);
        expect(store.find('bob')).toBeUndefined();
        await expect(store.delete('amy')).rejects.toMatchObject({
          code: 'ERR_KAUTH_STORE_UNAVAILABLE',
          message: `the user file ${bench.path} ${problem}`,
        });
      }
      expect(bench.logger.lines).toEqual([
        `error the user file ${bench.path} ${problem}. Until it is mended, the users last read remain`,
      ]);

      rmSync(bench.path, { force: true });
      bench.write([{ ...AMY, name: 'bob' }]);
      await look();
      expect(bench.logger.lines.slice(1)).toEqual([
        `info the user file ${bench.path} is in order again`,
      ]);
      expect(store.find('amy')).toBeUndefined();
      await expect(store.delete('bob')).resolves.toBe(true);
    },
  );

  it('says it again when a broken file is broken in another way, or anew', async () => {
    bench.write([AMY]);
    const { look } = await bench.openLooking();
    for (const text of ['{', '{ "version": 3 }', '{ "version": 1, "users": [] }', '{']) {
      writeFileSync(bench.path, text);
      await look();
      await look();
    }
    expect(bench.logger.lines.map((line) => line.replace(/ .*(?:used|\.json)/, ''))).toEqual([
      'error: line 1, column 2: from here on the file is not JSON. Until it is mended, the users last read remain',
      'error: line 1, column 14: version must be 1 or 2; line 1, column 1: users must be a list. Until it is mended, the users last read remain',
      'info is in order again',
      'error: line 1, column 2: from here on the file is not JSON. Until it is mended, the users last read remain',
    ]);
  });

  it('says nothing of a file that is seen half written for a moment', async () => {
    bench.write([AMY]);
    const { store, look } = await bench.openLooking();
    for (let time = 0; time < 3; time++) {
      writeFileSync(bench.path, '{ "version": 1, "use');
      await look();
      bench.write([]);
      await look();
    }
    expect(store.list()).toEqual([]);
    expect(bench.logger.lines).toEqual([]);
  });
});
