import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compare } from 'bcrypt';
import recorded from '../../fixtures/reference/kapacitor-db-users.json';
import { SqliteUserStore } from '../../lib/index.js';
import { REFERENCE, sample, SAMPLES } from '../kapacitor-db/samples.js';
import { CommandLine } from './command-line.js';

const KAPACITOR = join(REFERENCE, 'kapacitor.db');

describe('users import of a kapacitor.db', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => {
    line.remove();
  });

  /** Writes a database beside the store. */
  function database(bytes: Buffer): string {
    const path = join(line.folder, 'kapacitor.db');
    writeFileSync(path, bytes);
    return path;
  }

  const withTokens = (): Buffer =>
    gunzipSync(readFileSync(join(REFERENCE, 'kapacitor-with-subscription-tokens.db.gz')));

  it('adds all users, administrators first, and tells the sum', async () => {
    await expect(line.run(`users import ${KAPACITOR}`)).resolves.toEqual({
      exitCode: 0,
      stdout: [
        `added 9 users to ${line.store} (sqlite): root, Zoë@ex.com, user0, user1, user2, user3, user4, user5, user6`,
        '9 users with a hash that costs less than auth.bcrypt-cost: the next login renews it',
        'sum: 9 users: 9 added, 0 updated, 0 there already, 0 left out; 0 subscription tokens: 0 added, 0 updated, 0 there already, 0 left out',
        '',
      ].join('\n'),
      stderr: '',
    });
    await expect(line.users()).resolves.toEqual(
      recorded.users
        .map(({ name, type = 'normal', permissions = [] }) => ({ name, type, permissions }))
        .sort((one, other) => Buffer.from(one.name).compare(Buffer.from(other.name))),
    );
  });

  it('lets everybody in with the old password, whose hash is renewed, and with no other', async () => {
    await line.run(`users import ${KAPACITOR}`);
    for (const { name, password } of recorded.users) {
      await expect(line.logsIn(name, `${password}x`)).resolves.toBe(false);
      await expect(line.logsIn(name, password)).resolves.toBe(true);
      await expect(line.logsIn(name, password)).resolves.toBe(true);
    }
  });

  it('is known by its first bytes, also on standard input', async () => {
    const { exitCode, stdout } = await line.run('users import -', readFileSync(KAPACITOR));
    expect([exitCode, stdout.includes('added 9 users')]).toEqual([0, true]);
  });

  it('changes nothing in a dry run, and needs no store for it', async () => {
    const dry = await line.run(`users import ${KAPACITOR} --dry-run`);
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dry.stdout).toContain(`would have added 9 users to ${line.store} (sqlite): root`);
    expect(dry.stdout).toContain('sum, if it were done: 9 users: 9 added');
    await expect(line.run('users list')).resolves.toMatchObject({ exitCode: 1 });
    await line.add('user1 --permissions all');
    const { stdout } = await line.run(`users import ${KAPACITOR} --dry-run --replace`);
    expect(stdout).toContain('would have updated 1 user in');
    await expect(line.users()).resolves.toMatchObject([{ name: 'user1' }]);
    await expect(line.logsIn('user1', 'user1-pw')).resolves.toBe(true);
  });

  it('keeps and names users that are there, and replaces them with --replace', async () => {
    await line.add('user1 --permissions all');
    const kept = await line.run(`users import ${KAPACITOR}`);
    expect(kept.exitCode).toBe(3);
    expect(kept.stdout).toContain('1 user there already, left unchanged (see --replace): user1\n');
    expect(kept.stdout).toContain('sum: 9 users: 8 added, 0 updated, 1 there already, 0 left out');
    await expect(line.logsIn('user1', 'user1-pw')).resolves.toBe(true);
    await expect(line.run(`users import ${KAPACITOR} --replace`)).resolves.toMatchObject({
      exitCode: 0,
    });
    await expect(line.logsIn('user1', 'user1-pw')).resolves.toBe(false);
    await expect(line.logsIn('user1', 'pw-1')).resolves.toBe(true);
    await expect(line.users()).resolves.toContainEqual({
      name: 'user1',
      type: 'normal',
      permissions: ['api'],
    });
  });

  it('names what can’t be taken over, with the command that does it by hand', async () => {
    const { exitCode, stdout } = await line.run(`users import ${database(sample('rights'))}`);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('left out:\n');
    for (const told of [
      '  user api-reader: "read" on "/api": no grant can name that place; by hand: kapacitor-auth users grant api-reader read:ENDPOINT\n',
      '  user no-password: it has no password, so it could not log in; by hand: kapacitor-auth users add no-password\n',
      'sum: 11 users: 8 added, 0 updated, 0 there already, 3 left out; 0 subscription tokens: 0 added, 0 updated, 0 there already, 0 left out; 2 privileges left out\n',
    ]) {
      expect(stdout).toContain(told);
    }
    const writer = await storedUser('writer');
    expect(writer?.grants).toEqual(['read,write:database/100%25%2A', 'write:database/telegraf']);
  });

  it('takes tokens of subscriptions over as digests, keeps those that are there, and replaces them with --replace', async () => {
    const path = database(withTokens());
    const first = await line.run(`users import ${path}`);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain(
      'added 2 subscription tokens: ca95984f194b891c, bc98f07b09c5dadd\n',
    );
    const list = await line.run('subscriptions list --json');
    expect(JSON.parse(list.stdout)).toMatchObject([
      { id: 'bc98f07b09c5dadd', cluster: 'localhost', database: 'my db' },
      { id: 'ca95984f194b891c', cluster: 'localhost', database: 'telegraf' },
    ]);
    const again = await line.run(`users import ${path} --json`);
    expect(again.exitCode).toBe(3);
    expect(JSON.parse(again.stdout)).toEqual({
      added: [],
      updated: [],
      existing: ['root'],
      leftOut: [],
      renewed: [],
      subscriptions: {
        added: [],
        updated: [],
        existing: ['ca95984f194b891c', 'bc98f07b09c5dadd'],
      },
    });
    const replaced = await line.run(`users import ${path} --replace`);
    expect(replaced.exitCode).toBe(0);
    expect(replaced.stdout).toContain('updated 2 subscription tokens');
    for (const { stdout } of [first, again, replaced, list]) {
      expect(stdout).not.toMatch(/_sub:|bG9jYWxob3N0O/);
    }
  });

  it('names tokens that can’t be taken over by their ids', async () => {
    const path = database(sample('subscriptions'));
    const { exitCode, stdout } = await line.run(`users import ${path}`);
    expect(exitCode).toBe(3);
    expect(stdout).toContain(
      '5 subscription tokens: 2 added, 0 updated, 0 there already, 3 left out',
    );
    expect(stdout).toMatch(
      / {2}subscription [0-9a-f]{16}: .*; by hand: kapacitor-auth subscriptions grant --db DATABASE --token-stdin\n/,
    );
    expect(stdout).not.toMatch(/_sub:|made-up-token/);
  });

  it('with --atomic imports nothing if anything is left out, and otherwise all', async () => {
    const path = database(sample('rights'));
    const refused = await line.run(`users import ${path} --atomic`);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^kapacitor-auth: nothing was imported:\n {2}user api-reader: /);
    await expect(line.run('users list')).resolves.toMatchObject({ exitCode: 1 });
    const { exitCode, stdout } = await line.run(`users import ${KAPACITOR} --atomic`);
    expect([exitCode, stdout.includes('added 9 users')]).toEqual([0, true]);
  });

  it('leaves out a user that can’t become a normal one', async () => {
    await line.add('user1 --type admin');
    const plan = database(sample('branches'));
    await line.add('user000001 --type admin');
    await line.run('users rm user1');
    const { exitCode, stdout } = await line.run(`users import ${plan} --replace`);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('  user user000001: can\'t be taken: "user000001" is the last admin');
  });

  it.each([
    ['--type admin', '--type and --permissions are for an htpasswd'],
    ['--permissions api', '--type and --permissions are for an htpasswd'],
    ['--user root', '--user and --password-stdin go with --from'],
    ['--from http://127.0.0.1:9092', 'give a file, or the address of a running Kapacitor'],
  ])('refuses %s beside it', async (option, told) => {
    const { exitCode, stderr } = await line.run(`users import ${KAPACITOR} ${option}`);
    expect([exitCode, stderr.includes(told)]).toEqual([2, true]);
  });

  it.each([
    ['is cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['has pages of other bytes', (whole: Buffer) => Buffer.from(whole).fill(0xa5, 2 * 4096)],
    ['has only its head', (whole: Buffer) => whole.subarray(0, 100)],
  ])('imports nothing of a file that %s, and says what to do', async (_what, damage) => {
    const path = database(damage(sample('branches')));
    const { exitCode, stdout, stderr } = await line.run(`users import ${path}`);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${path} can't be read as a database of Kapacitor: `);
    expect(stderr).toContain('import what "kapacitor backup FILE" writes');
    await expect(line.run('users list')).resolves.toMatchObject({ exitCode: 1 });
  });

  it('says of a file that is nothing of all this what it could be', async () => {
    const path = database(Buffer.from([0xff, 0xfe, 0, 1]));
    const { exitCode, stderr } = await line.run(`users import ${path}`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no htpasswd, no export of users and no database of Kapacitor');
  });

  it('says of one that is not there where it may be', async () => {
    const { exitCode, stderr } = await line.run('users import /missing/kapacitor.db');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      '; Kapacitor has its database at "boltdb" in [storage] of kapacitor.conf\n',
    );
  });

  it('survives an export and an import elsewhere', async () => {
    await line.run(`users import ${database(sample('rights'))}`);
    const exported = await line.run('users export');
    const other = join(line.folder, 'other.db');
    await expect(
      line.run(`users import - --store ${other}`, exported.stdout),
    ).resolves.toMatchObject({ exitCode: 0 });
    const again = await line.run(`users export --store ${other}`);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(exported.stdout));
    expect(exported.stdout).toContain('write:database/telegraf');
  });

  it('brings three thousand users, each with the hash of its own password', async () => {
    const packed = readFileSync(join(SAMPLES, 'three-thousand.db.gz'));
    const { exitCode, stdout } = await line.run(`users import ${database(gunzipSync(packed))}`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sum: 3000 users: 3000 added, 0 updated, 0 there already, 0 left out');
    const store = new SqliteUserStore(line.store);
    await store.open();
    const users = await store.list();
    await store.close();
    const fitting = await Promise.all(
      users.map(({ name, hash }) => compare(`password of ${name}`, hash)),
    );
    expect(fitting.filter((fits) => fits)).toHaveLength(3_000);
    expect(new Set(users.map(({ name }) => name)).size).toBe(3_000);
    const [admin, ...some] = users.slice(0, 5);
    expect([admin?.type, ...new Set(some.map(({ type }) => type))]).toEqual(['admin', 'normal']);
    const rights = users.map(({ permissions, grants }) =>
      [...permissions, ...(grants ?? [])].join(' '),
    );
    expect(new Set(rights)).toEqual(
      new Set(['', 'api', 'all:ping', 'write:database/telegraf', 'read:tasks all:tasks/cpu']),
    );
  });

  async function storedUser(name: string) {
    const store = new SqliteUserStore(line.store);
    await store.open();
    try {
      return await store.find(name);
    } finally {
      await store.close();
    }
  }
});
