import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hash } from 'bcrypt';
import { signToken } from '../../lib/index.js';
import { spawnWithLib } from '../support/lib-process.js';
import { basic, SECRET } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A server of a process that writes what its heap holds when told to, all garbage collected. */
const SERVE = `
  const { setFlagsFromString, writeHeapSnapshot } = require('node:v8');
  const [users, snapshot, sharedSecret] = args;
  const express = require('express');
  const { FileUserStore, kapacitorAuth, usersApi } = lib('index.js');
  const file = new FileUserStore(users);
  // As a directory may: it gives back the name that it was asked for.
  const store = {
    open: () => file.open(),
    close: () => file.close(),
    find: (name) => { const user = file.find(name); return user && { ...user, name }; },
  };
  // Every login is to be looked at, however many failed before it.
  const throttle = { enabled: false };
  const auth = kapacitorAuth({ configFile: '/dev/null', http: { sharedSecret }, auth: { bcryptCost: 4 }, store, throttle });
  const app = express();
  app.get('/open', (request, response) => response.json({ open: true }));
  app.use(auth, usersApi(auth));
  app.get('/', (request, response) => response.json(request.user));
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.once('data', () => {
    setFlagsFromString('--expose-gc');
    const collect = require('node:vm').runInNewContext('gc');
    collect();
    collect();
    console.log(writeHeapSnapshot(snapshot));
    process.exit();
  });
`;

const LOGINS = 1_000;
/** In every password; also to be found in the base64 of what comes after it. */
const MARK = 'm4rkOfSecrets';

/** Longer than V8 copies: what is cut from a text then keeps the whole text. */
const nameOf = (index: number) => `somebody-${String(index).padStart(6, '0')}`;
const passwordOf = (index: number) => `${MARK}-${String(index)}`;

/** The base64 of the mark at each of the places that it can have among threes of bytes. */
const marks = [0, 1, 2].map((shift) =>
  Buffer.from('x'.repeat(shift) + MARK)
    .toString('base64')
    .slice(shift === 0 ? 0 : 4, -4),
);

const folder = temporaryFolder();

it('a heap holds no password and no token after a thousand logins', async () => {
  const file = join(folder, 'users.json');
  const users = await Promise.all(
    Array.from({ length: LOGINS }, async (_, index) => ({
      name: nameOf(index),
      hash: await hash(passwordOf(index), 4),
    })),
  );
  writeFileSync(file, JSON.stringify({ version: 1, users }), { mode: 0o600 });

  const child = spawnWithLib({ script: SERVE, args: [file, join(folder, 'heap'), SECRET] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const port = Number((await lines.next()).value);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const status = (path: string, authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    return new Promise<number>((resolve, reject) => {
      const sent = get({ port, path, agent, headers }, (response) => {
        response.resume().once('end', () => {
          resolve(response.statusCode ?? 0);
        });
      });
      sent.once('error', reject);
    });
  };

  const token = (index: number) => signToken({ username: nameOf(index), lifetime: 600 }, SECRET);
  const statuses = await Promise.all(
    users.map(({ name }, index) => {
      const password = passwordOf(index);
      if (index % 5 === 0) return status(`/?u=${name}&p=${password}`);
      if (index % 5 === 1) return status('/', `Bearer ${token(index)}`);
      if (index % 10 === 2) return status('/', basic(name, `${password}, wrong`));
      if (index % 10 === 7) return status('/', basic(`${name}-nobody`, password));
      return status('/', basic(name, password));
    }),
  );
  expect(statuses.filter((each) => each === 200)).toHaveLength(0.8 * LOGINS);
  expect(statuses.filter((each) => each === 401)).toHaveLength(0.2 * LOGINS);
  // What Node.js keeps of the last request of a connection is of these.
  for (let index = 0; index < 20; index++) expect(await status('/open')).toBe(200);

  child.stdin.write('now\n');
  const heap = readFileSync(String((await lines.next()).value), 'utf8');
  agent.destroy();
  expect(heap).toContain(nameOf(0));
  const found = [MARK, ...marks, token(1).split('.')[1]?.slice(0, 30) ?? ''].map(
    (text) => heap.split(text).length - 1,
  );
  expect(found).toEqual([0, 0, 0, 0, 0]);
});
