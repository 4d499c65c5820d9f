import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compare } from 'bcrypt';
import recorded from '../../fixtures/reference/kapacitor-db-users.json';
import { isKapacitorDb } from '../../lib/kapacitor-db/is-kapacitor-db.js';
import { readKapacitorBackup, readKapacitorDb } from '../../lib/kapacitor-db/read-kapacitor-db.js';
import type { KapacitorDbContent } from '../../lib/kapacitor-db/read-snapshot.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { plannedNames, REFERENCE, sample, sampleNames } from './samples.js';

const byName = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other));

function read(name: string): Promise<KapacitorDbContent> {
  return readKapacitorBackup(sample(name), `${name}.db`);
}

describe('the database of a real Kapacitor', () => {
  const file = join(REFERENCE, 'kapacitor.db');

  it('gives all users with types and permissions', async () => {
    const { users, subscriptions, leftOut } = await readKapacitorDb(file);
    const expected = recorded.users
      .map(({ name, type = 'normal', permissions = [] }) => ({
        name,
        type,
        permissions,
        grants: [],
      }))
      .sort((one, other) => byName(one.name, other.name));
    expect(users.map(({ hash: _hash, ...user }) => user)).toEqual(expected);
    expect([subscriptions, leftOut]).toEqual([[], []]);
  });

  it('gives hashes that match the passwords and no others', async () => {
    const { users } = await readKapacitorDb(file);
    for (const { name, password } of recorded.users) {
      const hash = users.find((user) => user.name === name)?.hash ?? '';
      expect([await compare(password, hash), await compare(`${password}x`, hash)]).toEqual([
        true,
        false,
      ]);
    }
  });

  it('gives digests of subscription tokens, and never the tokens', async () => {
    const packed = readFileSync(join(REFERENCE, 'kapacitor-with-subscription-tokens.db.gz'));
    const content = await readKapacitorBackup(gunzipSync(packed), 'kapacitor.db');
    expect(content.users.map(({ name, type }) => [name, type])).toEqual([['root', 'admin']]);
    expect(content.subscriptions).toEqual([
      {
        digest: 'ca95984f194b891cd0b9726f765dea84b9795e5a650bc8c8f3c0dd83a2d13045',
        cluster: 'localhost',
        database: 'telegraf',
      },
      {
        digest: 'bc98f07b09c5dadd1fec7461b811ceaa8ef97707e907374abe09c84ac47acdd5',
        cluster: 'localhost',
        database: 'my db',
      },
    ]);
    expect(JSON.stringify(content)).not.toContain('bG9jYWxob3N0O');
  });
});

describe('a database', () => {
  it.each(sampleNames)('of the kind %s gives or names each user that was written', async (name) => {
    const { users, subscriptions, leftOut } = await read(name);
    const names = new Set([
      ...users.map((user) => user.name),
      ...leftOut.filter(({ kind }) => kind === 'user').map((user) => user.name),
    ]);
    const planned = plannedNames(name);
    const tokens = planned.filter((each) => each.startsWith('_sub:'));
    const notTaken = leftOut.filter(({ kind }) => kind === 'subscription');
    expect([...names].sort()).toEqual(planned.filter((each) => !tokens.includes(each)).sort());
    expect(subscriptions.length + notTaken.length).toBe(tokens.length);
    expect(users.map((user) => user.name)).toEqual(users.map((user) => user.name).sort(byName));
  });

  it('gives users whose values fill several pages', async () => {
    const { users, leftOut } = await read('overflow');
    expect(users.map(({ grants }) => grants.length)).toEqual([250, 250, 250, 0]);
    expect(users[0]?.grants.at(-1)).toBe('read:database/db0249');
    expect(leftOut).toEqual([]);
  });

  it('names users whose names nobody could have here', async () => {
    const { leftOut } = await read('names');
    expect(leftOut.map(({ kind, name, command }) => [kind, name, command])).toEqual([
      ['user', '.', 'kapacitor-auth users add NAME'],
      ['user', '..', 'kapacitor-auth users add NAME'],
      ['user', 'Zoe\u0308', 'kapacitor-auth users add NAME'],
      ['user', 'b'.repeat(256), 'kapacitor-auth users add NAME'],
    ]);
  });

  it('gives permissions and grants, and names what they can’t say', async () => {
    const { users, leftOut } = await read('rights');
    expect(
      Object.fromEntries(
        users.map(({ name, permissions, grants }) => [name, [permissions, grants]]),
      ),
    ).toEqual({
      'admin-with-api': [['api'], []],
      'all-and-read': [[], ['read:tasks']],
      'api-reader': [[], []],
      'config-reader': [['api'], ['read:config']],
      reader: [[], ['all:ping', 'read:tasks']],
      slash: [[], ['all:ping', 'write:write']],
      'whole-api': [['api'], ['all:config', 'all:write']],
      writer: [[], ['read,write:database/100%25%2A', 'write:database/telegraf']],
    });
    expect(leftOut).toEqual([
      {
        kind: 'privilege',
        name: 'api-reader',
        reason: '"read" on "/api": no grant can name that place',
        command: 'kapacitor-auth users grant api-reader read:ENDPOINT',
      },
      {
        kind: 'user',
        name: 'no-password',
        reason: 'it has no password, so it could not log in',
        command: 'kapacitor-auth users add no-password',
      },
      {
        kind: 'privilege',
        name: 'slash',
        reason:
          '"write" on "/database/a_b_dirty": the database\'s name has a slash, and Kapacitor didn\'t keep where',
        command: 'kapacitor-auth users grant slash write:database/NAME',
      },
      {
        kind: 'user',
        name: 'taken-away',
        reason: 'a privilege was taken away from it at a place that no grant can name',
        command: 'kapacitor-auth users add taken-away',
      },
      {
        kind: 'user',
        name: 'unknown-privilege',
        reason: 'it has a privilege that Kapacitor itself refuses, so it could not log in',
        command: 'kapacitor-auth users add unknown-privilege',
      },
    ]);
  });

  it('gives subscriptions whose database is certain, and names the others without their tokens', async () => {
    const { subscriptions, leftOut } = await read('subscriptions');
    expect(subscriptions.map(({ cluster, database }) => [cluster, database]).sort()).toEqual([
      ['eu', ''],
      ['localhost', 'telegraf'],
    ]);
    expect(leftOut.map(({ reason }) => reason.replace(/; InfluxDB shows.*/, '')).sort()).toEqual([
      'it may do something else than write to one database',
      "its token has not the form of Kapacitor's, so it can't be kept as a digest",
      'the name of its database has a slash, and Kapacitor didn\'t keep where: "/database/a_b_dirty"',
    ]);
    expect(new Set(leftOut.map(({ command }) => command))).toEqual(
      new Set(['kapacitor-auth subscriptions grant --db DATABASE --token-stdin']),
    );
    expect(leftOut.map(({ name }) => /^[0-9a-f]{16}$/.test(name))).toEqual([true, true, true]);
    expect(JSON.stringify(leftOut)).not.toMatch(/_sub:|made-up-token/);
  });

  it('is known by its first bytes', () => {
    const others = ['', '{"users":[]}', 'SQLite format 3\0', 'amy:$2y$05$x\n'].map((text) =>
      Buffer.from(text),
    );
    expect(sampleNames.map((name) => isKapacitorDb(sample(name).subarray(0, 4096)))).not.toContain(
      false,
    );
    expect(others.map(isKapacitorDb)).toEqual([false, false, false, false]);
  });
});

describe('a file', () => {
  const folder = temporaryFolder();

  it('is not changed, and may be one that nobody may write', async () => {
    const file = join(folder, 'kapacitor.db');
    const bytes = sample('branches');
    writeFileSync(file, bytes, { mode: 0o400 });
    expect((await readKapacitorDb(file)).users).toHaveLength(300);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it.each([
    ['missing.db', 'there is no such file'],
    ['', 'it is a folder'],
  ])('that can’t be read is an error: %p', async (name, reason) => {
    const error = await readKapacitorDb(join(folder, name)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_KAUTH_KAPACITOR_DB' });
    expect(String(error)).toContain(reason);
  });
});
