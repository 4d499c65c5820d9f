import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import type { KapacitorUser } from '../../lib/index.js';
import { kapacitorAuth } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic } from '../support/open-auth.js';
import { MemoryTerminal } from './memory-terminal.js';

/** A command that has ended. */
interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const KAPACITORS = Buffer.concat([Buffer.from('east;'), Buffer.alloc(64, 7)]).toString('base64url');

describe.each(['db', 'json'])('subscriptions, in a store that ends in .%s', (ending) => {
  let folder: string;
  let store: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    store = join(folder, `users.${ending}`);
    await command(['users', 'add', 'root', '--type', 'admin', '--password-stdin'], 'root-pw');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function command(words: readonly string[], input = ''): Promise<Outcome> {
    const terminal = new MemoryTerminal(input);
    const exitCode = await run([...words, '--config', devNull, '--store', store], terminal);
    return { exitCode, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
  }

  const subscriptions = (words: string, input?: string) =>
    command(['subscriptions', ...words.split(' ')], input);

  /** Returns whom a token stands for, in another process than that of the command. */
  async function login(token: string): Promise<KapacitorUser> {
    const auth = kapacitorAuth({
      configFile: devNull,
      store: { path: store },
      logger: listeningLogger(),
    });
    try {
      return await auth.authenticate({
        headers: { authorization: basic('~subscriber', token) },
      });
    } finally {
      await auth.close();
    }
  }

  it('grant prints a statement with a token that is good for one retention policy', async () => {
    const { exitCode, stdout, stderr } = await subscriptions('grant --db telegraf');
    const [, id = '', token = ''] =
      /^CREATE SUBSCRIPTION "kapacitor-auth-([0-9a-f]{16})" ON "telegraf"."autogen" DESTINATIONS ALL 'http:\/\/~subscriber:([\w-]{96})@127.0.0.1:9095'\n$/.exec(
        stdout,
      ) ?? [];
    const kind = ending === 'db' ? 'sqlite' : 'file';
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `granted ${id} to write to "telegraf"."autogen"; kept in ${store} (${kind}), without the token\n`,
    });
    const user = await login(token);
    expect(user.canDatabase('write', 'telegraf', 'autogen')).toBe(true);
    expect(user.canDatabase('write', 'telegraf', 'monthly')).toBe(false);
    expect(readFileSync(store, 'latin1')).not.toContain(token);
  });

  it.each([
    [
      `grant --db te"le'gr\\af --rp a"b`,
      `ON "te\\"le'gr\\\\af"."a\\"b" DESTINATIONS ALL 'http://~subscriber:TOKEN@127.0.0.1:9095'`,
    ],
    [
      'grant --db d --url https://gw.example/kapacitor/v1/',
      `ON "d"."autogen" DESTINATIONS ALL 'https://~subscriber:TOKEN@gw.example/kapacitor/v1'`,
    ],
    [
      `grant --db d --url http://[::1]:9095/it's\\é`,
      `ON "d"."autogen" DESTINATIONS ALL 'http://~subscriber:TOKEN@[::1]:9095/it\\'s/%C3%A9'`,
    ],
  ])('escapes names and URLs: %s', async (words, statement) => {
    const { stdout } = await subscriptions(words);
    expect(stdout.replace(/[\w-]{96}/, 'TOKEN')).toContain(` ${statement}\n`);
  });

  it('grant shows all of it as JSON', async () => {
    const { stdout } = await subscriptions(
      'grant --db telegraf --rp monthly --cluster east --json',
    );
    const granted = JSON.parse(stdout) as Record<string, string>;
    expect(granted).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
      cluster: 'east',
      database: 'telegraf',
      retentionPolicy: 'monthly',
      created: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      token: expect.stringMatching(/^[\w-]{92}$/) as unknown,
      statement: expect.stringContaining(`'http://~subscriber:${granted.token ?? ''}@`) as unknown,
    });
  });

  it('grant takes over a token of Kapacitor', async () => {
    const { exitCode, stdout } = await subscriptions(
      'grant --db d --token-stdin',
      `${KAPACITORS}\n`,
    );
    // A statement would make a second subscription, and each point come twice.
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect((await login(KAPACITORS)).canDatabase('write', 'd', 'autogen')).toBe(true);
    const refused = await subscriptions('grant --db d --token-stdin', 'a-weak-token');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^kapacitor-auth: token must have the form of Kapacitor/);
    expect(refused.stderr).not.toContain('a-weak-token');
  });

  it.each([
    ['grant --all', /^http:\/\/~subscriber:([\w-]{96})@127\.0\.0\.1:9095\n$/],
    ['grant --all --path', /^subscription-path = "\/subscribe\/([\w-]{96})"\n$/],
  ])('%s prints what a token for every database is used by', async (words, printed) => {
    const { exitCode, stdout, stderr } = await subscriptions(words);
    const [, token = ''] = printed.exec(stdout) ?? [];
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^granted [0-9a-f]{16} to write to every database; kept in /);
    const user = await login(token);
    for (const database of ['telegraf', 'a/b', '*']) {
      expect(user.canDatabase('write', database, 'any')).toBe(true);
    }
    expect(user.canDatabase('read', 'telegraf')).toBe(false);
    expect(user.can('read', '/api/tasks')).toBe(false);
    expect((await subscriptions('list')).stdout).toMatch(/ {2}\(all\) +\(all\) +default/);
    const [info] = JSON.parse((await subscriptions('list --json')).stdout) as Info[];
    expect(await subscriptions(`revoke ${info?.id ?? ''}`)).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringContaining('of every database in') as unknown,
    });
    await expect(login(token)).rejects.toMatchObject({ code: 'ERR_KAUTH_SUBSCRIPTION_TOKEN' });
  });

  it('grant --path may be for one database, and --all for a token of Kapacitor', async () => {
    const { stdout } = await subscriptions('grant --db telegraf --path --json');
    const { token, line } = JSON.parse(stdout) as Info;
    expect(line).toBe(`subscription-path = "/subscribe/${token}"`);
    expect((await login(token)).canDatabase('write', 'other')).toBe(false);
    const taken = await subscriptions('grant --all --token-stdin', `${KAPACITORS}\n`);
    expect(taken).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await login(KAPACITORS)).canDatabase('write', 'other')).toBe(true);
  });

  it('list shows them without their tokens', async () => {
    const { stdout: monthly } = await subscriptions('grant --db telegraf --rp monthly --json');
    const { stdout: autogen } = await subscriptions('grant --db telegraf --cluster east --json');
    await subscriptions('grant --db other');
    const [second, first] = [monthly, autogen].map((text) => {
      const info = JSON.parse(text) as Partial<Info>;
      delete info.token;
      delete info.statement;
      return info;
    });
    const listed = await subscriptions('list --db telegraf --json');
    expect(JSON.parse(listed.stdout)).toEqual([first, second]);
    const table = await subscriptions('list');
    const rows = table.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ['ID', 'DATABASE', 'RETENTION POLICY', 'CLUSTER', 'CREATED'],
      [expect.stringMatching(/^[0-9a-f]{16}$/), 'other', 'autogen', 'default', expect.any(String)],
      [first?.id, 'telegraf', 'autogen', 'east', first?.created],
      [second?.id, 'telegraf', 'monthly', 'default', second?.created],
      [''],
    ]);
  });

  it('revoke ends one, and prints how InfluxDB is told', async () => {
    const { stdout } = await subscriptions('grant --db telegraf --json');
    const { id, token } = JSON.parse(stdout) as Info;
    await login(token);
    expect(await subscriptions(`revoke ${id}`)).toEqual({
      exitCode: 0,
      stdout: `DROP SUBSCRIPTION "kapacitor-auth-${id}" ON "telegraf"."autogen"\n`,
      stderr: expect.stringMatching(`^revoked ${id} of "telegraf" in `) as unknown,
    });
    await expect(login(token)).rejects.toMatchObject({ code: 'ERR_KAUTH_SUBSCRIPTION_TOKEN' });
    expect(await subscriptions(`revoke ${id}`)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining(`there is no subscription "${id}" in `) as unknown,
    });
  });

  it('revoke ends several, all or none, and those of a database', async () => {
    const ids: string[] = [];
    for (const db of ['a', 'a', 'a', 'b']) {
      const { stdout } = await subscriptions(`grant --db ${db} --json`);
      ids.push((JSON.parse(stdout) as Info).id);
    }
    const count = async () =>
      (JSON.parse((await subscriptions('list --json')).stdout) as []).length;
    const [one = '', two = ''] = ids;
    expect((await subscriptions(`revoke ${one} 0000`)).exitCode).toBe(1);
    expect(await count()).toBe(4);
    expect((await subscriptions(`revoke ${one} ${two}`)).exitCode).toBe(0);
    expect(await count()).toBe(2);
    const { stdout } = await subscriptions('revoke --db a');
    expect(stdout).toBe(`DROP SUBSCRIPTION "kapacitor-auth-${ids[2] ?? ''}" ON "a"."autogen"\n`);
    expect(await count()).toBe(1);
    expect((await subscriptions('revoke --db a')).stderr).toContain(
      'there is no subscription of "a"',
    );
  });

  it('revoke ends one that was granted in code for a whole database', async () => {
    const auth = kapacitorAuth({ configFile: devNull, store: { path: store } });
    await auth.subscriptions?.grant({ database: 'telegraf' });
    await auth.close();
    expect((await subscriptions('list')).stdout).toContain('telegraf  (all) ');
    expect(await subscriptions('revoke --db telegraf')).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it.each([
    ['grant', 'give the database with --db, or --all for every database'],
    ['grant --all --db d', "option '--all' cannot be used with option '--db <database>'"],
    ['grant --all --rp d', '--rp goes with --db'],
    ['grant --db d --url gateway:9095', 'a URL is http://host:port or https://host:port.'],
    ['grant --db d --url nowhere', 'a URL is http://host:port or https://host:port.'],
    ['grant --db d --url http://a:b@c', 'a URL is without user, password, query and fragment.'],
    ['grant --db d --url http://c/?d', 'a URL is without user, password, query and fragment.'],
    ['revoke', 'give the ids that "subscriptions list" shows, or --db, not both'],
    ['revoke abc --db d', 'give the ids that "subscriptions list" shows, or --db, not both'],
    ['gran', 'Did you mean grant?'],
  ])('%s exits with 2', async (words, problem) => {
    const { exitCode, stdout, stderr } = await subscriptions(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(problem);
  });
});

type Info = Record<'id' | 'token' | 'statement' | 'line' | 'created', string>;

describe('subscriptions', () => {
  it('are not kept on meta nodes', async () => {
    const terminal = new MemoryTerminal('');
    const words = ['subscriptions', 'list', '--config', devNull];
    process.env.KAPACITOR_AUTH_META_ADDR = '127.0.0.1:1';
    const exitCode = await run(words, terminal);
    delete process.env.KAPACITOR_AUTH_META_ADDR;
    expect({ exitCode, stderr: terminal.stderr.text }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('users are managed where they are kept') as unknown,
    });
  });
});
