import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describePostgres } from '../support/postgres.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Child, installedMain } from './child.js';

const PASSWORD = 's3cret@word';

describePostgres('a PostgreSQL that asks for a password', (server) => {
  const folder = temporaryFolder();
  const passwords = join(folder, 'passwords');
  let url: string;

  beforeAll(async () => {
    await server().sql(
      `SET password_encryption = 'scram-sha-256'; CREATE ROLE keeper LOGIN PASSWORD '${PASSWORD}'`,
    );
    await server().sql('CREATE DATABASE kept OWNER keeper');
    const file = join(server().data, 'pg_hba.conf');
    const rule = 'host all keeper 127.0.0.1/32 scram-sha-256\n';
    writeFileSync(file, rule + readFileSync(file, 'utf8'));
    await server().sql('SELECT pg_reload_conf()');
    url = server().url({ user: 'keeper', database: 'kept' });
    writeFileSync(passwords, `127.0.0.1:${String(server().port)}:kept:keeper:${PASSWORD}\n`);
    chmodSync(passwords, 0o600);
  });

  const urlWith = (password: string) =>
    url.replace('keeper@', `keeper:${encodeURIComponent(password)}@`);

  async function list(env: Readonly<Record<string, string>>) {
    const words = [installedMain(), 'users', 'list'];
    const child = new Child(process.execPath, words, { cwd: folder, env });
    const exitCode = await child.exited;
    return { exitCode, output: child.output };
  }

  it.each([
    ['in the URL', () => ({ KAPACITOR_STORE_URL: urlWith(PASSWORD) })],
    ['in PGPASSWORD', () => ({ KAPACITOR_STORE_URL: url, PGPASSWORD: PASSWORD })],
    ['in the file of PGPASSFILE', () => ({ KAPACITOR_STORE_URL: url, PGPASSFILE: passwords })],
  ])('takes the one that is %s', async (_, env) => {
    await expect(list(env())).resolves.toMatchObject({ exitCode: 0 });
  });

  it('takes the one that is in ~/.pgpass', async () => {
    writeFileSync(join(folder, '.pgpass'), readFileSync(passwords), { mode: 0o600 });
    await expect(list({ KAPACITOR_STORE_URL: url, HOME: folder })).resolves.toMatchObject({
      exitCode: 0,
    });
  });

  it.each([
    ['a wrong one in the URL', () => ({ KAPACITOR_STORE_URL: urlWith('Wr0ngWord') })],
    ['none', () => ({ KAPACITOR_STORE_URL: url, HOME: '/nonexistent' })],
    ['a wrong one in PGPASSWORD', () => ({ KAPACITOR_STORE_URL: url, PGPASSWORD: 'Wr0ngWord' })],
  ])('refuses %s, and it is told without it', async (_, env) => {
    const { exitCode, output } = await list(env());
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^kapacitor-auth: the user database 127\.0\.0\.1:\d+\/kept .*password/);
    expect(output).not.toMatch(/Wr0ngWord|s3cret|keeper:/);
  });

  it('says that it asks for a password, and that there is none', async () => {
    const { exitCode, output } = await list({ KAPACITOR_STORE_URL: url, HOME: '/nonexistent' });
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: expect.stringMatching(
        /kept asks for a password, and there is none: put it in store\.url, PGPASSWORD or ~\/\.pgpass\n/,
      ) as string,
    });
  });

  it('says that the URL names no user, if the machine names none either', async () => {
    const { exitCode, output } = await list({
      KAPACITOR_STORE_URL: url.replace('keeper@', ''),
      ...{ USER: '', PGUSER: '' },
    });
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: expect.stringContaining("kept can't be asked: store.url names no user\n") as string,
    });
  });
});
