import { join } from 'node:path';
import { CommandLine } from './command-line.js';

const HASH = `$2b$10$${'a'.repeat(53)}`;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

describe('users of the command line', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = new CommandLine();
    await line.add('root --type admin');
    await line.add('amy --permissions api --grant write:database/telegraf');
  });

  afterEach(() => {
    line.remove();
  });

  const out = async (words: string) => {
    const { exitCode, stdout, stderr } = await line.run(words);
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  };

  it('stay disabled, with their grants, if an export of an earlier release is imported', async () => {
    await out('users disable amy');
    const users = [{ name: 'amy', type: 'normal', hash: HASH, permissions: ['api'] }];
    const earlier = JSON.stringify({ version: 1, users });
    expect(await line.run('users import - --update', earlier)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await out('users show amy --json'))).toMatchObject({
      disabled: true,
      grants: ['write:database/telegraf'],
    });
  });

  it('are disabled and enabled, and shown so', async () => {
    const { store } = line;
    expect(await out('users disable amy')).toBe(
      `disabled amy in ${store} (sqlite); its tokens and sessions end now\n`,
    );
    expect(await line.logsIn('amy', 'amy-pw')).toBe(false);
    expect(await out('users list')).toMatch(/^amy +normal, disabled +api$/m);
    expect(await out('users show amy')).toMatch(/^DISABLED +yes: every login is refused$/m);
    expect(JSON.parse(await out('users show amy --json'))).toMatchObject({ disabled: true });
    const explained = await line.run('explain amy GET /kapacitor/v1/tasks');
    expect(explained).toMatchObject({ exitCode: 3, stderr: '' });
    expect(explained.stdout).toContain('refused (401): user amy is disabled');
    expect(await out('users enable amy')).toBe(`enabled amy in ${store} (sqlite)\n`);
    expect(await line.logsIn('amy', 'amy-pw')).toBe(true);
    expect(await out('users show amy')).not.toContain('DISABLED');
  });

  it('have all their sessions ended, which no list and no export shows', async () => {
    const { store } = line;
    expect(await out('users end-sessions amy')).toBe(
      `ended all sessions of amy in ${store} (sqlite)\n`,
    );
    expect(await line.logsIn('amy', 'amy-pw')).toBe(true);
    for (const words of ['users show amy --json', 'users list --long', 'users export -'])
      expect(await out(words)).not.toContain('sessions');
    const unknown = await line.run('users end-sessions nobody');
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
    expect(unknown.stderr).toContain('there is no user "nobody"');
  });

  it('keep an administrator who is enabled, unless forced', async () => {
    const refused = await line.run('users disable root');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('"root" is the last admin');
    await out('users disable root --force');
    const unknown = await line.run('users disable nobody');
    expect(unknown.stderr).toContain('there is no user "nobody"');
  });

  it('are listed at length, and by what they have', async () => {
    await line.add('bob --permissions write_points');
    await out('users disable bob');
    const [head, ...rows] = (await out('users list --long')).trimEnd().split('\n');
    expect(head).toMatch(/^NAME +TYPE +PERMISSIONS +GRANTS +CREATED +CHANGED$/);
    for (const row of rows) expect(row).toMatch(new RegExp(`${TIME.source} +${TIME.source}$`));
    const names = async (words: string) =>
      (JSON.parse(await out(`users list --json ${words}`)) as { name: string }[]).map(
        ({ name }) => name,
      );
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['--long', ['amy', 'bob', 'root']],
      ['--type admin', ['root']],
      ['--type normal', ['amy', 'bob']],
      ['--permission api', ['amy']],
      ['--grant write:database/telegraf', ['amy']],
      ['--grant read:database/telegraf', []],
      ['--grant none:database/telegraf', []],
      ['--disabled', ['bob']],
      ['--disabled --permission api', []],
      ['--type normal --pattern a*', ['amy']],
    ];
    for (const [words, expected] of cases) {
      expect([words, await names(words)]).toEqual([words, expected]);
    }
    const listed: unknown = JSON.parse(await out('users list --json --long --pattern bob'));
    const time = expect.stringMatching(TIME) as unknown;
    expect(listed).toEqual([
      {
        name: 'bob',
        type: 'normal',
        permissions: ['write_points'],
        disabled: true,
        created: time,
        changed: time,
      },
    ]);
    expect(await line.run('users list --grant write')).toMatchObject({ exitCode: 2 });
  });

  it('get a random password, which is printed once', async () => {
    const text = await out('users add eve --permissions api --generate');
    const [, password = ''] = /\npassword: (\S+)\n$/.exec(text) ?? [];
    expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(?:-[a-hjkmnp-z2-9]{4}){6}$/);
    expect(await line.logsIn('eve', password)).toBe(true);

    const changed = JSON.parse(await out('users passwd eve --generate --json')) as {
      password: string;
    };
    expect(changed).toEqual({
      name: 'eve',
      type: 'normal',
      permissions: ['api'],
      password: expect.stringMatching(/^\S{34}$/) as unknown,
    });
    expect(changed.password).not.toBe(password);
    expect(await line.logsIn('eve', password)).toBe(false);
    expect(await line.logsIn('eve', changed.password)).toBe(true);
    const both = await line.run('users add kim --generate --password-stdin', 'kim-pw');
    expect(both).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('are renamed with password, grants and all', async () => {
    await out('users disable amy');
    expect(await out('users rename amy zoë')).toBe(
      `renamed amy to zoë in ${line.store} (sqlite); tokens and sessions of amy end now\n`,
    );
    expect(await out('users list --grants')).toMatch(
      /^zoë +normal, disabled +api +write:database\/telegraf$/m,
    );
    await out('users enable zoë');
    expect(await line.logsIn('zoë', 'amy-pw')).toBe(true);
    for (const [words, problem] of [
      ['users rename zoë root', 'already exists'],
      ['users rename amy kim', 'there is no user "amy"'],
      ['users rename zoë a/b', 'username must contain only'],
    ] as const) {
      const { exitCode, stderr } = await line.run(words);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(problem)]);
    }
  });

  it.each(['other.db', 'other.json'])(
    'are exported and imported as disabled, and with the time at which they were added: %s',
    async (name) => {
      await out('users disable amy');
      const exported = await out('users export');
      expect(exported).toContain('"disabled": true');
      const other = join(line.folder, name);
      expect((await line.run(`users import - --store ${other}`, exported)).exitCode).toBe(0);
      expect((await line.run(`users export --store ${other}`)).stdout).toBe(exported);
      await out('users enable amy');
      const enabled = await out('users export');
      await line.run(`users import - --update --store ${other}`, enabled);
      expect((await line.run(`users export --store ${other}`)).stdout).toBe(enabled);
    },
  );
});
