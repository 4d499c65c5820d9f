import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { boundByModes, runWithLib } from '../support/lib-process.js';
import { mayMount } from '../support/may-mount.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

/** A users API whose users are on a small disk of their own; asked until the disk is full, and after there is space again. */
const SERVE = `
  const { rmSync, writeFileSync } = require('node:fs');
  const express = require('express');
  const { FileUserStore, SqliteUserStore, kapacitorAuth, usersApi } = lib('index.js');
  const [folder, file] = args;
  writeFileSync(folder + '/ballast', 'x'.repeat(65_536));
  const store = new (file.endsWith('.json') ? FileUserStore : SqliteUserStore)(folder + '/' + file);
  const logger = { info() {}, warn() {}, error() {} };
  const auth = kapacitorAuth({ configFile: '/dev/null', auth: { bcryptCost: 4 }, store, logger });
  await auth.users.create({ name: 'root', password: 'root-pw', type: 'admin' });
  const server = express().use(usersApi(auth)).listen(0, '127.0.0.1', async () => {
    const at = 'http://127.0.0.1:' + server.address().port + '/kapacitor/v1/users';
    const ask = (path, method = 'GET', body) => fetch(at + path, {
      method,
      headers: { authorization: 'Basic ' + btoa('root:root-pw') },
      body: body && JSON.stringify(body),
    });
    const add = (name) => ask('', 'POST', { name, password: 'pw' });
    const count = async () => (await (await ask('?limit=-1')).json()).users.length;
    let made = 1;
    let refused;
    while (refused === undefined) {
      const answer = await add('user' + made);
      if (answer.status === 200) made += 1;
      else refused = answer;
    }
    const outcome = {
      status: refused.status,
      hasRetryAfter: refused.headers.has('retry-after'),
      lost: made - (await count()),
      found: (await ask('/root')).status,
    };
    rmSync(folder + '/ballast');
    outcome.after = (await add('one-more')).status;
    outcome.grown = (await count()) - made;
    console.log(JSON.stringify(outcome));
    process.exit();
  });
`;

if (mayMount()) {
  it.each([
    ['users.json', '96k'],
    ['users.db', '512k'],
  ])('a full disk under %s is 503 for changes, and nothing more', async (file, size) => {
    const outcome = await runWithLib({
      script: SERVE,
      args: [folder, file],
      wrapper: [
        ...['unshare', '-rm', 'sh', '-c'],
        ...[`mount -t tmpfs -o size=${size} tmpfs "$0" && exec "$@"`, folder],
      ],
    });
    expect(outcome).toEqual({
      status: 503,
      hasRetryAfter: true,
      lost: 0,
      found: 200,
      after: 200,
      grown: 1,
    });
  });
}

/** A store on a disk that has space for its database several times, and for few changes in a log. */
const CHANGE_OFTEN = `
  const { statSync } = require('node:fs');
  const { SqliteUserStore } = lib('index.js');
  const path = args[0] + '/users.db';
  const store = new SqliteUserStore(path);
  const hash = '$2b$04$' + 'a'.repeat(53);
  await store.create({ name: 'root', type: 'admin', hash, permissions: [] });
  let made = 0;
  for (; made < 300; made++) {
    const permissions = [made % 2 ? 'api' : 'none'];
    if ((await store.update('root', { permissions }).catch(() => undefined)) === undefined) break;
  }
  const isSmall = statSync(path + '-wal').size <= statSync(path).size;
  console.log(JSON.stringify({ made, isSmall }));
  process.exit();
`;

if (mayMount()) {
  it('changes of users go on for good on a tiny disk, as the log of SQLite is emptied', async () => {
    const own = join(folder, 'tiny');
    mkdirSync(own);
    const outcome = await runWithLib({
      script: CHANGE_OFTEN,
      args: [own],
      wrapper: [
        ...['unshare', '-rm', 'sh', '-c'],
        ...['mount -t tmpfs -o size=192k tmpfs "$0" && exec "$@"', own],
      ],
    });
    expect(outcome).toEqual({ made: 300, isSmall: true });
  });
}

/** The same users behind two users APIs: one may write, the other sees the folder as a file system that is read-only. */
const MOUNT_READ_ONLY = `
  const { execFileSync } = require('node:child_process');
  const { mkdirSync } = require('node:fs');
  const express = require('express');
  const { FileUserStore, SqliteUserStore, kapacitorAuth, usersApi } = lib('index.js');
  const [folder, file] = args;
  const logger = { info() {}, warn() {}, error() {} };
  const serve = async (place) => {
    const store = new (file.endsWith('.json') ? FileUserStore : SqliteUserStore)(place + '/' + file);
    const auth = kapacitorAuth({ configFile: '/dev/null', auth: { bcryptCost: 4 }, store, logger });
    const server = express().use(usersApi(auth)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const at = 'http://127.0.0.1:' + server.address().port + '/kapacitor/v1/users';
    const headers = { authorization: 'Basic ' + btoa('root:root-pw') };
    const add = (name) => fetch(at, { method: 'POST', headers, body: JSON.stringify({ name, password: 'pw' }) });
    return { auth, list: () => fetch(at, { headers }), add };
  };
  const [writable, readOnly] = ['/rw', '/ro'].map((name) => folder + name);
  for (const place of [writable, readOnly]) mkdirSync(place);
  execFileSync('mount', ['--bind', writable, readOnly]);
  execFileSync('mount', ['-o', 'remount,ro,bind', readOnly]);
  const one = await serve(writable);
  await one.auth.users.create({ name: 'root', password: 'root-pw', type: 'admin' });
  const other = await serve(readOnly);
  const outcome = {
    found: (await other.list()).status,
    added: (await other.add('amy')).status,
    addedElsewhere: (await one.add('bob')).status,
    users: (await (await one.list()).json()).users.map(({ name }) => name),
  };
  console.log(JSON.stringify(outcome));
  process.exit();
`;

if (mayMount()) {
  it.each(['users.json', 'users.db'])(
    'a read-only file system under %s is 503 for changes, and nothing more',
    async (file) => {
      const own = join(folder, `read-only-${file}`);
      mkdirSync(own);
      const outcome = await runWithLib({
        script: MOUNT_READ_ONLY,
        args: [own, file],
        wrapper: ['unshare', '-rm'],
      });
      expect(outcome).toEqual({
        found: 200,
        added: 503,
        addedElsewhere: 200,
        users: ['bob', 'root'],
      });
    },
  );
}

const REFUSE = `
  const { chmodSync } = require('node:fs');
  const express = require('express');
  const { FileUserStore, kapacitorAuth, usersApi } = lib('index.js');
  const [folder] = args;
  const store = new FileUserStore(folder + '/kept.json');
  const logger = { info() {}, warn() {}, error() {} };
  const auth = kapacitorAuth({ configFile: '/dev/null', auth: { bcryptCost: 4 }, store, logger });
  await auth.users.create({ name: 'root', password: 'root-pw', type: 'admin' });
  chmodSync(folder + '/kept.json', 0o400);
  chmodSync(folder, 0o555);
  const server = express().use(usersApi(auth)).listen(0, '127.0.0.1', async () => {
    const at = 'http://127.0.0.1:' + server.address().port + '/kapacitor/v1/users';
    const headers = { authorization: 'Basic ' + btoa('root:root-pw') };
    const body = JSON.stringify({ name: 'amy', password: 'pw' });
    const { status } = await fetch(at, { method: 'POST', headers, body });
    const { users } = await (await fetch(at, { headers })).json();
    console.log(JSON.stringify({ status, users: users.map(({ name }) => name) }));
    process.exit();
  });
`;

it('a folder that may not be written to is 503 for changes, and nothing more', async () => {
  const own = join(folder, 'closed');
  mkdirSync(own);
  const outcome = await runWithLib({ script: REFUSE, args: [own], wrapper: boundByModes() });
  expect(outcome).toEqual({ status: 503, users: ['root'] });
});
