import { once } from 'node:events';
import type { Server } from 'node:http';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashSync } from 'bcrypt';
import express from 'express';
import { coversUser } from '../../lib/express/users-api/escalation.js';
import type { Permission, StoredUser } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { closeUsersApps, usersApp, V1 } from '../express/users-api/users-app.js';
import { basic } from '../support/open-auth.js';
import { tally } from '../support/runs.js';

/** The longest sequence. */
const LENGTH = 4;

/** Nobody but the attacker knows `mine`, and it does not know `theirs`. */
const HASHES = { mine: hashSync('mine', 4), theirs: hashSync('theirs', 4) };

/** All that matters of a moment: who there is, what each may do, and whose password the attacker knows. */
type Users = readonly StoredUser[];

interface Call {
  readonly as: string;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly name: string;
  readonly body?: object;
}

const NAMES = ['att', 'strong', 'root', 'new'];
const UPDATES: readonly object[] = [
  { password: 'mine' },
  { type: 'admin' },
  { permissions: ['api'] },
  { permissions: ['all'] },
  { permissions: [], type: 'normal', password: 'mine' },
];

function user(name: string, differences: Partial<StoredUser> = {}): StoredUser {
  return { name, type: 'normal', hash: HASHES.theirs, permissions: [], ...differences };
}

/** The names whose password the attacker knows. */
function known(users: Users): readonly string[] {
  return users.filter(({ hash }) => hash === HASHES.mine).map(({ name }) => name);
}

function callsIn(users: Users): readonly Call[] {
  return known(users).flatMap((as) =>
    NAMES.flatMap<Call>((name) => [
      ...UPDATES.flatMap<Call>((update) => [
        { as, method: 'POST', name, body: { name, password: 'mine', ...update } },
        { as, method: 'PATCH', name, body: update },
      ]),
      { as, method: 'DELETE', name },
    ]),
  );
}

const resolved = (found: StoredUser) => resolveUser(found, 'local');

/** One server; each call finds the users that it should. */
class Model {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #store = new MemoryUserStore();
  #server: Server | undefined;

  async start(): Promise<void> {
    const { app } = usersApp({ express, store: this.#store, throttle: { enabled: false } });
    this.#server = app.listen(0, '127.0.0.1');
    await Promise.all([this.#store.open(), once(this.#server, 'listening')]);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.#server?.close();
    await closeUsersApps();
  }

  /** The users after a call. Hashes are made equal where they are of one password. */
  async after(users: Users, { as, method, name, body }: Call): Promise<Users> {
    await this.#put(users);
    const path = method === 'POST' ? V1 : `${V1}/${name}`;
    const status = await this.#send(method, path, as, body);
    if (status === 401 || status >= 500) throw new Error(`${String(status)} for ${method} ${path}`);
    return this.#store.list().map((each) => {
      const before = users.find((other) => other.name === each.name);
      // What was set over the API is what the attacker has chosen.
      return each.hash === before?.hash ? each : { ...each, hash: HASHES.mine };
    });
  }

  async #put(users: Users): Promise<void> {
    for (const { name } of this.#store.list()) await this.#store.delete(name, { force: true });
    for (const each of users) await this.#store.create(each);
  }

  #send(method: string, path: string, as: string, body?: object): Promise<number> {
    const { port } = this.#server?.address() as AddressInfo;
    const headers = { authorization: basic(as, 'mine'), 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = request(
        { port, path, method, headers, agent: this.#agent },
        ({ statusCode = 0 }) => {
          resolve(statusCode);
        },
      );
      sent.on('response', (response) => response.resume());
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The times of changes would make each state another one. */
function withoutTimes({ created: _created, changed: _changed, ...rest }: Users[number]) {
  return rest;
}

const model = new Model();

beforeAll(() => model.start());
afterAll(() => model.stop());

it.each<[readonly Permission[]]>([[['api']], [['all']]])(
  'by no sequence of up to four calls does a user with %j gain a privilege, or touch who has more',
  async (permissions) => {
    const start: Users = [
      user('att', { permissions, hash: HASHES.mine }),
      user('strong', { permissions: ['all'] }),
      user('root', { type: 'admin' }),
    ];
    const attacker = resolved(user('att', { permissions }));
    const stronger = start.filter((each) => !coversUser(attacker, resolved(each)));

    // Sequences that lead to the same users go on alike: each state is gone on from once.
    const seen = new Set([JSON.stringify(start)]);
    let states: readonly Users[] = [start];
    let calls = 0;
    for (let length = 1; length <= LENGTH; length += 1) {
      const next: Users[] = [];
      for (const users of states) {
        for (const call of callsIn(users)) {
          const after = (await model.after(users, call)).map(withoutTimes);
          calls += 1;
          for (const each of after) {
            if (each.hash === HASHES.mine && !coversUser(attacker, resolved(each))) {
              throw new Error(`${JSON.stringify(call)} after ${JSON.stringify(users)}`);
            }
          }
          expect(after).toEqual(expect.arrayContaining([...stronger]));
          const key = JSON.stringify(after);
          if (seen.has(key)) continue;
          seen.add(key);
          next.push(after);
        }
      }
      states = next;
    }
    // Else it would show nothing.
    expect(seen.size).toBeGreaterThanOrEqual(10);
    tally('calls of the users API by an attacker', calls);
  },
);
