import { join } from 'node:path';
import { CommandLine } from './command-line.js';

describe('users with grants', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => {
    line.remove();
  });

  it('get them and lose them one by one, and are shown with them', async () => {
    const { store } = line;
    await line.add('amy --grant write:database/telegraf --grant read:tasks');
    await line.add('bob --permissions api');
    const granted = await line.run(['users', 'grant', 'amy', 'all:tasks/team-a.*', 'write:tasks']);
    expect(granted).toEqual({
      exitCode: 0,
      stdout: `changed amy (grants: write:database/telegraf read,write:tasks all:tasks/team-a.*) in ${store} (sqlite)\n`,
      stderr: '',
    });
    expect((await line.run('users list --grants')).stdout.split('\n')).toEqual([
      'NAME  TYPE    PERMISSIONS  GRANTS',
      'amy   normal  none         write:database/telegraf read,write:tasks all:tasks/team-a.*',
      'bob   normal  api          none',
      '',
    ]);
    expect((await line.run('users show amy')).stdout).toMatch(/^GRANTS +write:database\/telegraf/m);
    expect((await line.run('users show bob')).stdout).not.toContain('GRANTS');
    const revoked = await line.run('users revoke amy write:tasks write:database/telegraf');
    expect(revoked.stdout).toBe(
      `changed amy (grants: read:tasks all:tasks/team-a.*) in ${store} (sqlite)\n`,
    );
    expect(await line.users()).toEqual([
      {
        name: 'amy',
        type: 'normal',
        permissions: [],
        grants: ['read:tasks', 'all:tasks/team-a.*'],
      },
      { name: 'bob', type: 'normal', permissions: ['api'] },
    ]);
    await line.run('users set amy --permissions none');
    expect(await line.users()).toContainEqual({ name: 'amy', type: 'normal', permissions: [] });
  });

  it.each([
    ['users grant amy write', 2, /a grant is PRIVILEGES:PLACE/],
    ['users add eve --grant write', 2, /a grant is PRIVILEGES:PLACE/],
    ['users grant amy', 2, /missing required argument 'grants'/],
    ['users grant nobody read:tasks', 1, /no user "nobody"/],
    ['users grant root read:tasks', 1, /an administrator needs no grants/],
    ['users grant amy none:tasks', 1, /none:tasks takes nothing away from read:tasks: revoke that/],
    ['users revoke amy all:tasks/x', 1, /no grant all:tasks\/x to revoke: none at that place/],
    ['users revoke amy write:tasks', 1, /no grant write:tasks to revoke: there is read:tasks/],
  ])('are told why: %s', async (words, exitCode, problem) => {
    await line.add('root --type admin');
    await line.add('amy --grant read:tasks');
    const outcome = await line.run(words);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(problem);
    expect(await line.users()).toContainEqual(expect.objectContaining({ grants: ['read:tasks'] }));
  });

  it('keep all of two changes that are made at once', async () => {
    await line.add('amy');
    const grants = ['read:tasks', 'write:database/a', 'write:database/b'];
    const outcomes = await Promise.all(grants.map((grant) => line.run(`users grant amy ${grant}`)));
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await line.users()).toMatchObject([
      { grants: ['write:database/a', 'write:database/b', 'read:tasks'] },
    ]);
  });

  it.each(['db', 'json'])('are exported, and imported into a .%s as they were', async (ending) => {
    await line.add('root --type admin');
    await line.add('amy --permissions api --grant none:tasks/billing --grant write:database/a%2Fb');
    await line.add('bob');
    const users = await line.users();
    const { stdout } = await line.run('users export');
    expect(JSON.parse(stdout)).toMatchObject({ version: 2 });
    await line.run('users grant bob read:tasks');
    expect(await line.run('users import - --update', stdout)).toMatchObject({ exitCode: 0 });
    expect(await line.users()).toEqual(users);
    line.store = join(line.folder, `other.${ending}`);
    expect(await line.run('users import -', stdout)).toMatchObject({ exitCode: 0 });
    expect(await line.users()).toEqual(users);
    expect((await line.run('users export')).stdout).toBe(stdout);
  });

  it('are explained by the grant that decided, and by the one that would do', async () => {
    await line.add('amy --grant write:database/telegraf');
    const allowed = await line.run('explain amy POST /write?db=telegraf');
    expect(allowed.stdout).toContain('by grant write:database/telegraf');
    expect(allowed.stdout).toContain('permissions: none; grants: write:database/telegraf\n');
    const refused = await line.run('explain amy POST /write?db=other');
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout).toContain('this grant would allow it: write:database/other\n');
  });
});
