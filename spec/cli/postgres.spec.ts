import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describePostgres } from '../support/postgres.js';
import { CommandLine } from './command-line.js';

const SECRET = 's3cret%40word';

/** The same URL with a password, which this server does not ask for. */
function withPassword(url: string): string {
  return url.replace('postgres@', `postgres:${SECRET}@`);
}

/** The place of the users, as it is told. */
function placeOf(url: string): string {
  return `${url.replace(/^postgres:\/\/[^@]*@/, '')} (postgres, schema kapacitor_auth)`;
}

describe('store sql', () => {
  const line = new CommandLine();

  afterAll(() => {
    line.remove();
  });

  it('prints the tables of the schema that is meant, and rights for a role only if one is named', async () => {
    line.config = join(line.folder, 'a.conf');
    writeFileSync(line.config, '[store]\nschema = "of_file"\n');
    expect((await line.run('store sql')).stdout).toMatch(/CREATE SCHEMA of_file;/);
    const { stdout } = await line.run('store sql --schema of_line --role amy');
    expect(stdout).toMatch(/CREATE SCHEMA of_line;[^]*GRANT .* ON of_line\.users TO "amy";/);
    expect((await line.run('store sql')).stdout).not.toMatch(/GRANT/);
  });

  it.each([
    ['store sql --schema 1st', 'schema'],
    ['store sql --role', 'role'],
  ])('refuses %j', async (words, what) => {
    const { exitCode, stdout, stderr } = await line.run(words);
    expect([exitCode > 0, stdout]).toEqual([true, '']);
    expect(stderr).toContain(what);
  });
});

describePostgres('the command line on PostgreSQL', (server) => {
  const line = new CommandLine();
  let url: string;

  beforeEach(async () => {
    url = await server().newDatabase();
    line.store = withPassword(url);
  });

  afterAll(() => {
    line.remove();
  });

  it('manages users, and tells the place without the password', async () => {
    const added = await line.run('users add amy --type admin --password-stdin', 'amy-pw');
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    expect(added.stdout).toBe(`added amy (admin; permissions: all) to ${placeOf(url)}\n`);
    expect(await line.users()).toMatchObject([{ name: 'amy', type: 'admin' }]);
    const outputs = await Promise.all(
      ['config check', 'config show', 'config check --json', 'users list', 'users rm nobody'].map(
        (words) => line.run(words),
      ),
    );
    expect(JSON.stringify([added, ...outputs])).not.toMatch(/s3cret|@word/);
  });

  it.each([
    'postgress://amy:s3cret@db/users',
    'postgres:amy:s3cret@db/users',
    'PostgreSQL:/amy:s3cret@db/users',
    'postgres://amy:s3cret@/users',
    'mysql://a:s3cret@b',
  ])('refuses %s and shows nothing of it', async (store) => {
    const { exitCode, stderr } = await line.run(['users', 'list', '--store', store]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /--store \(command line\): its value is not accepted; accepted: postgres:/,
    );
    expect(stderr).not.toMatch(/s3cret|amy/);
  });

  it('takes users from SQLite and gives them back, all at once or one by one', async () => {
    const sqlite = ['--store', join(line.folder, 'users.db')];
    const add = ['users', 'add', '--password-stdin'];
    await line.run([...add, 'root', '--type', 'admin', ...sqlite], 'root-pw');
    await line.run([...add, 'наталья', '--permissions', 'api', ...sqlite], 'pw');
    const before = (await line.run(['users', 'export', ...sqlite])).stdout;
    const imported = await line.run('users import - --atomic', before);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(imported.stdout).toBe(`added 2 users to ${placeOf(url)}: root, наталья\n`);
    const after = (await line.run('users export')).stdout;
    expect(after).toBe(before);
    const file = join(line.folder, 'back.json');
    const back = await line.run(['users', 'import', '-', '--store', file], after);
    expect(back.exitCode).toBe(0);
    expect((await line.run(['users', 'export', '--store', file])).stdout).toBe(before);
    const again = await line.run('users import - --atomic', before);
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toMatch(/^kapacitor-auth: nothing was imported: .* \(see --update\)/);
  });

  it('works as a role that may only use the tables', async () => {
    const database = new URL(url).pathname.slice(1);
    const { stdout: sql } = await line.run('store sql --role served');
    await server().sql('CREATE ROLE served LOGIN', { database });
    for (let run = 0; run < 2; run += 1) await server().sql(sql, { database });
    line.store = url.replace('postgres@', 'served@');
    const added = await line.run('users add amy --type admin --password-stdin', 'amy-pw');
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    const granted = await line.run('subscriptions grant --db telegraf');
    expect(granted.exitCode).toBe(0);
    await expect(
      server().sql('SET ROLE served; DROP TABLE kapacitor_auth.users', { database }),
    ).rejects.toThrow(/must be owner/);
  });
});
