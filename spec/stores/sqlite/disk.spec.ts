import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { runWithLib } from '../../support/lib-process.js';
import { mayMount } from '../../support/may-mount.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;
let folder: string;
let path: string;

beforeEach(() => {
  folder = join(root, String(++count));
  path = join(folder, 'users.db');
  mkdirSync(folder);
});

const PREPARE = `
  const { rmSync, writeFileSync } = require('node:fs');
  const { SqliteUserStore } = lib('stores/sqlite-store.js');
  const [folder] = args;
  const path = folder + '/users.db';
  const user = (name) => ({ name, type: 'normal', hash: '$2b$04$' + 'a'.repeat(53), permissions: [] });
  const store = new SqliteUserStore(path);
  const countIn = async (store) => (await store.list()).length;
  const counts = () => Promise.all([countIn(store), countIn(new SqliteUserStore(path))]);
`;

/** Creates users until one can't be, and counts them as two connections see them. */
const FILL = `
  let last = 0;
  let failure;
  while (failure === undefined) {
    await store.create(user('user' + last)).then(() => last++, (error) => { failure = error; });
  }
  const { code, message } = failure;
  const isWhole = (await counts()).every((count) => count === last);
`;

it('keeps every acknowledged user when its files may not grow', async () => {
  const outcome = await runWithLib({
    script: `${PREPARE} ${FILL} console.log(JSON.stringify({ code, message, last, isWhole }));`,
    args: [folder],
    wrapper: ['sh', '-c', 'ulimit -f 1024 && exec "$0" "$@"'],
  });
  const store = new SqliteUserStore(path);
  const users = await store.list();
  await store.close();
  expect(users.length).toBeGreaterThan(20);
  expect(outcome).toEqual({
    code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    message: `the user database ${path} can't be read or written: its disk or file system fails`,
    last: users.length,
    isWhole: true,
  });
});

if (mayMount()) {
  it('keeps the users of before on a full disk, and goes on once there is space', async () => {
    const outcome = await runWithLib({
      script: `${PREPARE}
        writeFileSync(folder + '/ballast', 'x'.repeat(65_536));
        ${FILL}
        rmSync(folder + '/ballast');
        await store.create(user('one-more'));
        const hasGrown = (await counts()).every((count) => count === last + 1);
        console.log(JSON.stringify({ code, message, last, isWhole, hasGrown }));`,
      args: [folder],
      wrapper: [
        ...['unshare', '-rm', 'sh', '-c'],
        ...['mount -t tmpfs -o size=512k tmpfs "$0" && exec "$@"', folder],
      ],
    });
    expect(outcome).toEqual({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} can't be written: the disk is full`,
      last: expect.any(Number),
      isWhole: true,
      hasGrown: true,
    });
  });
}
