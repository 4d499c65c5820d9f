import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FileUserStore } from '../../../lib/stores/file-store.js';
import { boundByModes, runWithLib, spawnWithLib } from '../../support/lib-process.js';
import { mayMount } from '../../support/may-mount.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;
let folder: string;

beforeEach(() => {
  folder = join(root, String(++count));
  mkdirSync(folder);
});

const PREPARE = `
  const { readdirSync, rmSync, writeFileSync } = require('node:fs');
  const { FileUserStore } = lib('stores/file-store.js');
  const [folder] = args;
  const hash = '$2b$04$' + 'a'.repeat(53);
  const user = (name) => ({ name, type: 'normal', hash, permissions: [] });
  const logger = { info() {}, warn() {}, error() {} };
  const store = new FileUserStore(folder + '/users.json', { logger });
`;

const NAMES = `
  const names = async () => {
    const other = new FileUserStore(folder + '/users.json', { logger });
    await other.open();
    return other.list().map(({ name }) => name);
  };
`;

it('keeps every acknowledged user when a file may not grow', async () => {
  const child = spawnWithLib({
    script: `${PREPARE}
      await store.open();
      for (let index = 0; ; index++) {
        await store.create(user('user' + index));
        console.log('user' + index);
      }`,
    args: [folder],
    // The system kills whoever writes beyond the limit, in the midst of it.
    wrapper: ['sh', '-c', 'ulimit -c 0 && ulimit -f 16 && exec "$0" "$@"'],
  });
  child.stderr.resume();
  const acknowledged: string[] = [];
  for await (const name of createInterface(child.stdout)) acknowledged.push(name);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.exitCode).not.toBe(0);

  const store = new FileUserStore(join(folder, 'users.json'));
  await store.open();
  expect(acknowledged.length).toBeGreaterThan(10);
  expect(store.list()).toHaveLength(acknowledged.length);
  expect(acknowledged.every((name) => store.find(name) !== undefined)).toBe(true);
  await store.close();
});

it('refuses changes in a folder that it may not write to', async () => {
  writeFileSync(join(folder, 'users.json'), '{ "version": 1, "users": [] }');
  chmodSync(join(folder, 'users.json'), 0o444);
  chmodSync(folder, 0o555);
  const outcome = await runWithLib({
    script: `${PREPARE}
      await store.open();
      const { code, message } = await store.create(user('amy')).catch((error) => error);
      console.log(JSON.stringify({ code, message, files: readdirSync(folder) }));`,
    args: [folder],
    wrapper: boundByModes(),
  });
  expect(outcome).toEqual({
    code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    message: `the user file ${join(folder, 'users.json')} can't be read or written: let this user read the file and write its folder`,
    files: ['users.json'],
  });
});

if (mayMount()) {
  it('keeps the users of before on a full disk, and goes on once there is space', async () => {
    const outcome = await runWithLib({
      script: `${PREPARE} ${NAMES}
        writeFileSync(folder + '/ballast', 'x'.repeat(16_384));
        await store.open();
        let last = 0;
        let failure;
        while (failure === undefined) {
          await store.create(user('user' + last)).then(() => last++, (error) => { failure = error; });
        }
        const { code, message } = failure;
        const inMemory = store.list().map(({ name }) => name);
        const onDisk = await names();
        const isWhole = [inMemory, onDisk].every(({ length }) => length === last);
        const files = readdirSync(folder).sort();
        rmSync(folder + '/ballast');
        await store.create(user('one-more'));
        const grown = (await names()).length - last;
        console.log(JSON.stringify({ code, message, last, isWhole, files, grown }));`,
      args: [folder],
      wrapper: [
        ...['unshare', '-rm', 'sh', '-c'],
        ...['mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"', folder],
      ],
    });
    expect(outcome).toEqual({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user file ${join(folder, 'users.json')} can't be written: the disk is full`,
      last: expect.any(Number),
      isWhole: true,
      files: ['ballast', 'users.json'],
      grown: 1,
    });
  });

  it('refuses changes on a file system that is read-only', async () => {
    const outcome = await runWithLib({
      script: `${PREPARE}
        await store.open();
        await store.create(user('amy'));
        require('node:child_process').execFileSync('mount', ['-o', 'remount,bind,ro', folder]);
        const { message } = await store.create(user('bob')).catch((error) => error);
        console.log(JSON.stringify({ message, users: store.list().length }));`,
      args: [folder],
      wrapper: [
        ...['unshare', '-rm', 'sh', '-c'],
        ...['mount -t tmpfs tmpfs "$0" && exec "$@"', folder],
      ],
    });
    expect(outcome).toEqual({
      message: `the user file ${join(folder, 'users.json')} can't be written: its file system is read-only`,
      users: 1,
    });
  });

  it('refuses changes of a file that is mounted by itself, and says what to mount', async () => {
    const outcome = await runWithLib({
      script: `${PREPARE}
        await store.open();
        await store.create(user('amy'));
        const file = folder + '/users.json';
        require('node:child_process').execFileSync('mount', ['--bind', file, file]);
        const { message } = await store.create(user('bob')).catch((error) => error);
        const found = store.list().map(({ name }) => name);
        console.log(JSON.stringify({ message, found, files: readdirSync(folder) }));`,
      args: [folder],
      wrapper: ['unshare', '-rm'],
    });
    expect(outcome).toEqual({
      message: `the user file ${join(folder, 'users.json')} can't be replaced, as it is mounted by itself: mount its folder, not the file`,
      found: ['amy'],
      files: ['users.json'],
    });
  });
}
