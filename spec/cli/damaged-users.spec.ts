import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kapacitorAuth } from '../../lib/index.js';
import { createFirstAdmin } from '../../lib/server/first-admin.js';
import { tamper } from '../stores/sqlite/damaged-database.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic } from '../support/open-auth.js';
import { Child, installedMain } from './child.js';
import { CommandLine } from './command-line.js';

const NOT_TEXT = "a row that can't be used: permissions is not a text of UTF-8";
const NO_NAME = "a row that can't be used: name is not a text of UTF-8";

function serve(line: CommandLine): Child {
  const words = ['serve', '--port', '0', '--store', line.store];
  return new Child(process.execPath, [installedMain(), ...words], { cwd: line.folder });
}

describe('the commands, in a database with damaged rows', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = new CommandLine();
    await line.add('root --type admin');
    await line.add('amy --permissions api');
    await line.add('bob');
    tamper(line.store, (database) => {
      database.exec("UPDATE users SET permissions = CAST(x'61ff' AS TEXT) WHERE name = 'amy'");
      database.exec(
        "INSERT INTO users (name, type, hash, permissions) SELECT CAST(x'616dff' AS TEXT), type, hash, '' FROM users WHERE name = 'bob'",
      );
    });
  });

  afterEach(() => {
    line.remove();
  });

  const toldOf = (name: string, problem: string) =>
    `user ${JSON.stringify(name)} can't log in: the user store has ${problem}`;

  it('users list marks them', async () => {
    const { exitCode, stdout, stderr } = await line.run('users list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`amy     damaged  ${NOT_TEXT}\n`);
    expect(stdout).toContain(`am\\xff  damaged  ${NO_NAME}\n`);
    expect(stdout).toContain('bob     normal   none\n');
    expect(stderr).toBe('');
    expect(await line.users()).toEqual([
      { name: 'bob', type: 'normal', permissions: [] },
      { name: 'root', type: 'admin', permissions: [] },
      { name: 'amy', damaged: NOT_TEXT },
      { name: 'am\\xff', damaged: NO_NAME },
    ]);
  });

  it('users show, set and passwd say what to do', async () => {
    for (const words of ['show amy', 'set amy --type admin', 'passwd amy --password-stdin']) {
      const { exitCode, stderr } = await line.run(`users ${words}`, 'pw');
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        `kapacitor-auth: user "amy" can't be used, as the user store has ${NOT_TEXT}: remove the user, and add it again\n`,
      );
    }
  });

  it('users export leaves them out, and says so', async () => {
    const file = join(line.folder, 'backup.json');
    const { exitCode, stderr } = await line.run(`users export ${file}`);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('kapacitor-auth: left out, as they are damaged: amy, am\\xff\n');
    const { users } = JSON.parse(readFileSync(file, 'utf8')) as { users: { name: string }[] };
    expect(users.map(({ name }) => name)).toEqual(['bob', 'root']);
  });

  it('users export counts those of whom there are too many to be named', async () => {
    tamper(line.store, (database) => {
      database.exec(
        `WITH RECURSIVE number(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM number WHERE n < 39)
         INSERT INTO users (name, type, hash, permissions) SELECT 'z' || n, 'normal', 'x', '' FROM number`,
      );
    });
    expect((await line.run('users export -')).stderr).toMatch(/, z27 and 12 more\n$/);
  });

  it('users rm removes them by the names that are listed', async () => {
    for (const name of ['amy', 'am\\xff']) {
      const { exitCode, stdout } = await line.run(['users', 'rm', name]);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: `removed ${name} from ${line.store} (sqlite)\n`,
      });
      const again = await line.run(['users', 'rm', name]);
      expect(again.exitCode).toBe(1);
      expect(again.stderr).toContain('there is no user');
    }
    const { exitCode, stderr } = await line.run('users export -');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await line.add('amy --permissions api');
  });

  it("an administrator without a name is in nobody's way, and removed by what is listed", async () => {
    tamper(line.store, (database) => {
      database.exec("DELETE FROM users WHERE name NOT IN ('bob', 'root')");
      database.exec(
        "INSERT INTO users (name, type, hash, permissions) SELECT '', 'admin', hash, '' FROM users WHERE name = 'bob'",
      );
    });
    const problem = "a row that can't be used: username is required";
    const { stdout, exitCode } = await line.run('users list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`\\text:  damaged  ${problem}\n`);
    const exported = await line.run('users export -');
    expect(exported.exitCode).toBe(3);
    expect(exported.stderr).toContain('left out, as they are damaged: \\text:\n');
    const child = serve(line);
    try {
      const [, url = ''] = await child.until(/"listening on (http:\S+), users in /);
      const headers = { Authorization: basic('root', 'root-pw') };
      const ask = async (method: string, name: string, body?: string) => {
        const user = `${url}/kapacitor/v1/users/${name}`;
        return (await fetch(user, { method, headers, ...(body !== undefined && { body }) })).status;
      };
      expect(await ask('PATCH', 'bob', '{"permissions":["api"]}')).toBe(200);
      expect(await ask('DELETE', 'bob')).toBe(204);
      expect(await ask('DELETE', 'root')).toBe(409);
    } finally {
      child.process.kill('SIGTERM');
      await child.exited;
    }
    expect((await line.run(['users', 'rm', '\\text:'])).exitCode).toBe(0);
    expect(await line.users()).toEqual([{ name: 'root', type: 'admin', permissions: [] }]);
  });

  it('no first administrator is made where all users are damaged', async () => {
    tamper(line.store, (database) => {
      database.exec("DELETE FROM users WHERE name IN ('bob', 'root')");
    });
    const auth = kapacitorAuth({
      configFile: '/dev/null',
      store: { path: line.store },
      logger: listeningLogger(),
    });
    const { users } = auth;
    if (users === undefined) throw new Error('no users');
    await expect(createFirstAdmin(users, { environment: {} })).resolves.toBeUndefined();
    await auth.close();
  });

  it('serve starts; the damaged user gets 503 and is told of once, the others log in', async () => {
    const child = serve(line);
    try {
      const [, url = ''] = await child.until(/"listening on (http:\S+), users in /);
      const status = async (name: string) => {
        const headers = { Authorization: basic(name, `${name}-pw`) };
        return (await fetch(`${url}/kapacitor/v1/whoami`, { headers })).status;
      };
      for (let round = 0; round < 3; round++) {
        expect(await status('amy')).toBe(503);
        expect(await status('am\ufffd')).toBe(401);
        expect(await status('bob')).toBe(200);
      }
      const headers = { Authorization: basic('root', 'root-pw') };
      const users = await fetch(`${url}/kapacitor/v1/users`, { headers });
      expect(await users.text()).toContain('"bob"');
      const removal = { method: 'DELETE', headers };
      expect((await fetch(`${url}/kapacitor/v1/users/amy`, removal)).status).toBe(503);
      expect(child.output.split(JSON.stringify(toldOf('amy', NOT_TEXT)).slice(1, -1))).toHaveLength(
        2,
      );
    } finally {
      child.process.kill('SIGTERM');
      await child.exited;
    }
  });
});

describe('subscriptions, in a database with damaged rows', () => {
  it('are listed, marked, and revoked by their ids', async () => {
    const line = new CommandLine();
    await line.add('root --type admin');
    await line.run('subscriptions grant --db telegraf');
    await line.run('subscriptions grant --db other');
    tamper(line.store, (database) => {
      database.exec(
        "UPDATE subscriptions SET cluster = CAST(x'ff' AS TEXT) WHERE database = 'other'",
      );
    });
    const exported = await line.run('users export -');
    expect(exported.exitCode).toBe(0);
    expect(exported.stderr).toBe(
      'kapacitor-auth: not in it: 2 subscription tokens, to be granted anew where the users are imported\n',
    );
    const json = await line.run('subscriptions list --json');
    const all = JSON.parse(json.stdout) as { id: string; damaged?: string }[];
    const damaged = all.find((each) => each.damaged !== undefined);
    expect(all).toHaveLength(2);
    expect(damaged?.damaged).toContain('to "other" that can\'t be used: cluster is not a text');
    const { id = '' } = damaged ?? {};
    expect((await line.run('subscriptions list')).stdout).toContain(`${id}  damaged`);
    const revoked = await line.run(`subscriptions revoke ${id}`);
    expect(revoked.exitCode).toBe(0);
    expect(revoked.stderr).toContain(
      `revoked ${id}, which was damaged, in ${line.store} (sqlite)\n`,
    );
    expect((await line.run('subscriptions list --json')).stderr).toBe('');
    line.remove();
  });
});
