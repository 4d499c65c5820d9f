import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from './command-line.js';

const DIGEST = 'wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu';
const HASH = `$2b$04$${DIGEST}`;

describe('users import', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => {
    line.remove();
  });

  function file(content: string): string {
    const path = join(line.folder, 'given');
    writeFileSync(path, content);
    return path;
  }

  function json(...users: readonly object[]): string {
    return JSON.stringify({ version: 1, users });
  }

  describe('of an htpasswd', () => {
    const HTPASSWD = [
      '# people',
      `amy:$2y$05$${DIGEST}`,
      'zoe:$apr1$salt$3yqHsoSfNYHYGcAuTRyQB/',
      '',
      'sha:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
      'old:rqXexS6ZhobKA',
      `ben:${HASH}:a comment`,
      `amy:${HASH}`,
      `a b:${HASH}`,
      `slow:$2b$31$${DIGEST}`,
      `${HASH}:mixed`,
      'no-colon-but-secret',
    ].join('\r\n');

    it('adds who has a bcrypt hash, names everybody else by line and reason, and exits with 3', async () => {
      const words = `users import ${file(HTPASSWD)} --permissions api`;
      await expect(line.run(words)).resolves.toEqual({
        exitCode: 3,
        stdout: [
          `added 2 users to ${line.store} (sqlite): amy, ben`,
          'left out:',
          "  line 3: zoe is hashed by Apache's MD5, not by bcrypt",
          '  line 5: sha is hashed by SHA-1, not by bcrypt',
          '  line 6: old is hashed by crypt or not at all, not by bcrypt',
          '  line 8: amy is the same user as on line 2',
          "  line 9: a b can't be taken: username must contain only letters, numbers, '-', '.', '@' and '_'. \"a b\"",
          "  line 10: slow can't be taken: hash has cost 31, which would slow down every login; 16 is the most",
          '  line 11: is not NAME:HASH',
          '  line 12: is not NAME:HASH',
          '',
        ].join('\n'),
        stderr: '',
      });
      await expect(line.users()).resolves.toEqual([
        { name: 'amy', type: 'normal', permissions: ['api'] },
        { name: 'ben', type: 'normal', permissions: ['api'] },
      ]);
    });

    it.each(['', ' --json'])('shows no hash and no line that may be a secret%s', async (option) => {
      const { stdout } = await line.run(`users import ${file(HTPASSWD)}${option}`);
      for (const secret of ['$2', '{SHA}', '$apr1$', 'rqXexS6ZhobKA', 'no-colon', 'mixed']) {
        expect(stdout).not.toContain(secret);
      }
    });

    it('lets users in whom Apache let in', async () => {
      // Written by Apache's htpasswd.
      const path = file(
        `amy:$2y$05$K1MB27DFO/Je13I.EYWTcuHnQJgxY2EBogLhtbCg3vOxnPmFbw/Iu\nzoe:$apr1$Pu.cvTk/$7rcvrzfnL2KG7gV6qcH9x0\n`,
      );
      await expect(line.run(`users import ${path}`)).resolves.toMatchObject({ exitCode: 3 });
      await expect(line.logsIn('amy', 'amy:password')).resolves.toBe(true);
      await expect(line.logsIn('zoe', 'zoe-password')).resolves.toBe(false);
    });

    it.each([
      ['blanks around it', ` \t amy:${HASH} \t\f`],
      ['blanks and a carriage return behind it', `amy:${HASH}  \r`],
      ['blanks behind a comment', `amy:${HASH}:a comment  `],
      ['several colons', `amy::${HASH}`],
      ['a backslash at its end', `am\\\ny:${HASH}`],
    ])('reads a line with %s as Apache reads it', async (_what, text) => {
      await expect(line.run('users import -', `${text}\n  # a comment\n`)).resolves.toMatchObject({
        exitCode: 0,
        stderr: '',
      });
      await expect(line.users()).resolves.toMatchObject([{ name: 'amy' }]);
    });

    it.each([
      [`amy:$$2y$$05$$${DIGEST}`, 'amy has each "$" of its hash doubled'],
      [`amy: ${HASH}`, 'amy has a blank before its hash'],
      [`amy :${HASH}`, '"amy " can\'t be taken: username must contain only'],
    ])(
      'says what is wrong with a line that Apache would not take either: %j',
      async (text, told) => {
        const { exitCode, stdout } = await line.run('users import -', text);
        expect(exitCode).toBe(3);
        expect(stdout).toContain(`line 1: ${told}`);
        expect(stdout).not.toContain(DIGEST);
      },
    );

    it('writes out what a terminal would obey, or not show', async () => {
      const names = ['\u001b[2Jx', 'x\u009b31m', 'x\u202ey', 'x\u200b', 'x\u0007', 'x\u2028y'];
      for (const format of [
        names.map((name) => `${name}:${HASH}\n`).join(''),
        json(...names.map((name) => ({ name, hash: HASH }))),
      ]) {
        const { stdout, stderr } = await line.run('users import -', format);
        expect(stdout + stderr).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
        expect(stdout + stderr).toContain('u{202e}');
      }
    });

    it('leaves users that are there as they are, and says so', async () => {
      await line.add('amy --permissions config_api');
      await expect(line.run('users import -', `amy:${HASH}\n`)).resolves.toEqual({
        exitCode: 3,
        stdout: `1 user there already, left unchanged (see --update): amy\nnothing was changed in ${line.store} (sqlite)\n`,
        stderr: '',
      });
      await expect(line.logsIn('amy', 'amy-pw')).resolves.toBe(true);
    });

    it('with --update replaces the hash, and the rest only where it is said', async () => {
      await line.add('amy --permissions config_api');
      await expect(line.run('users import - --update', `amy:${HASH}\n`)).resolves.toMatchObject({
        exitCode: 0,
        stdout: `updated 1 user in ${line.store} (sqlite): amy\n`,
      });
      await expect(line.logsIn('amy', 'amy-pw')).resolves.toBe(false);
      const unchanged = [{ name: 'amy', type: 'normal', permissions: ['config_api'] }];
      await expect(line.users()).resolves.toEqual(unchanged);
      await line.run('users import - --update --type admin', `amy:${HASH}\n`);
      await expect(line.users()).resolves.toMatchObject([{ name: 'amy', type: 'admin' }]);
    });

    it('adds the rest when the same file is imported again', async () => {
      await line.run('users import -', `amy:${HASH}\n`);
      const again = await line.run('users import - --json', `amy:${HASH}\nben:${HASH}\n`);
      expect(again.exitCode).toBe(3);
      expect(JSON.parse(again.stdout)).toEqual({
        added: ['ben'],
        updated: [],
        existing: ['amy'],
        leftOut: [],
      });
    });

    it('counts names beyond twenty only', async () => {
      const names = Array.from({ length: 25 }, (_, index) => `u${String(index)}`);
      const { stdout } = await line.run(
        'users import -',
        names.map((name) => `${name}:${HASH}\n`).join(''),
      );
      expect(stdout).toContain('added 25 users to');
      expect(stdout).toContain('u19 and 5 more\n');
    });
  });

  describe('of an export', () => {
    it('adds users with all that it says', async () => {
      const users = json(
        { name: 'amy', type: 'normal', hash: HASH, permissions: ['api'] },
        { name: 'root', type: 'admin', hash: HASH, permissions: [] },
        { name: 'ben', hash: HASH },
      );
      await expect(line.run('users import -', users)).resolves.toMatchObject({
        exitCode: 0,
        stdout: `added 3 users to ${line.store} (sqlite): root, amy, ben\n`,
      });
      await expect(line.users()).resolves.toEqual([
        { name: 'amy', type: 'normal', permissions: ['api'] },
        { name: 'ben', type: 'normal', permissions: [] },
        { name: 'root', type: 'admin', permissions: [] },
      ]);
    });

    it('with --update replaces what is there', async () => {
      await line.add('amy --permissions all');
      await line.run('users import - --update', json({ name: 'amy', hash: HASH }));
      await expect(line.users()).resolves.toEqual([
        { name: 'amy', type: 'normal', permissions: [] },
      ]);
    });

    it('keeps the last administrator, and says so', async () => {
      await line.add('root --type admin');
      const users = json({ name: 'root', hash: HASH }, { name: 'amy', hash: HASH });
      const { exitCode, stdout } = await line.run('users import - --update', users);
      expect(exitCode).toBe(3);
      expect(stdout).toContain('added 1 user');
      expect(stdout).toContain('users[0]: root can\'t be taken: "root" is the last admin');
    });

    it('passes the administrator on where the file names another', async () => {
      await line.add('root --type admin');
      const users = json({ name: 'root', hash: HASH }, { name: 'amy', type: 'admin', hash: HASH });
      await expect(line.run('users import - --update', users)).resolves.toMatchObject({
        exitCode: 0,
      });
    });

    const good = { name: 'amy', hash: HASH };
    it.each<[string, string, string]>([
      ['is cut off', json(good).slice(0, -5), 'the file is not JSON'],
      ['is a list', '[]', 'the file is no export of users:\n  the file: '],
      ['has another version', '{"version":3,"users":[]}', 'version: must be 1 or 2'],
      ['has a user without a hash', json(good, { name: 'x' }), 'users[1].hash: must be a text'],
      ['has an unknown key', json({ ...good, password: 'secret' }), 'users[0]: '],
      ['has a bad type', json({ ...good, type: 'boss' }), 'users[0].type: must be "admin"'],
      ['has a bad permission', json({ ...good, permissions: ['fly'] }), 'must be among none, api'],
      ['names somebody twice', json(good, good), 'users[1]: "amy" is there more than once'],
      [
        'has another hash',
        json(good, { name: 'x', hash: 'secret' }),
        "users[1]: x can't be taken: hash must be",
      ],
      ['has a bad name', json({ name: 'a b', hash: HASH }), "users[0]: a b can't be taken"],
      ['is not UTF-8', '\u00ff', 'the file is not UTF-8'],
    ])('imports nothing of a file that %s', async (_what, content, problem) => {
      const bytes = Buffer.from(content, content === '\u00ff' ? 'latin1' : 'utf8');
      const { exitCode, stdout, stderr } = await line.run('users import -', bytes);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(problem);
      expect(stderr).not.toMatch(/secret|\$2b\$04/);
      expect(existsSync(line.store)).toBe(false);
    });

    it('refuses to be told what the file says', async () => {
      const { exitCode, stderr } = await line.run('users import - --permissions api', json(good));
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--type and --permissions are for an htpasswd');
    });
  });

  it('changes nothing in a dry run', async () => {
    await line.add('amy');
    const input = `amy:${HASH}\nben:${HASH}\n`;
    await expect(line.run('users import - --dry-run --update', input)).resolves.toEqual({
      exitCode: 0,
      stdout: [
        `would have added 1 user to ${line.store} (sqlite): ben`,
        `would have updated 1 user in ${line.store} (sqlite): amy`,
        '',
      ].join('\n'),
      stderr: '',
    });
    await expect(line.users()).resolves.toMatchObject([{ name: 'amy' }]);
    await expect(line.logsIn('amy', 'amy-pw')).resolves.toBe(true);
  });

  it('makes no store for a dry run', async () => {
    await expect(line.run('users import - --dry-run', `amy:${HASH}\n`)).resolves.toEqual({
      exitCode: 0,
      stdout: `would have added 1 user to ${line.store} (sqlite): amy\n`,
      stderr: '',
    });
    expect(existsSync(line.store)).toBe(false);
  });

  it('says how far it came when the store fails on the way', async () => {
    const users = join(line.folder, 'users.json');
    await line.run(`users import - --store ${users}`, `amy:${HASH}\n`);
    writeFileSync(users, '{ broken');
    chmodSync(users, 0o600);
    const words = `users import - --store ${users} --json`;
    const { exitCode, stdout, stderr } = await line.run(words, `ben:${HASH}\n`);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ added: [], failure: expect.any(String) as unknown });
    expect(stderr).toContain('the import stopped there: mend it, and import the file again');
  });

  it('says that a file can’t be read', async () => {
    const { exitCode, stderr } = await line.run('users import missing');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^kapacitor-auth: missing can't be read: ENOENT: no such file or directory\n$/,
    );
  });
});
