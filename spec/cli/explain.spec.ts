import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMetaStandIn } from '../../fixtures/meta-stand-in/meta-stand-in.js';
import { CommandLine } from './command-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('explain', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = new CommandLine();
    await line.add('amy --permissions api');
  });

  afterEach(() => {
    line.remove();
  });

  it('tells what is allowed, and by what', async () => {
    await expect(line.run('explain amy GET /kapacitor/v1/tasks/cpu?x=1')).resolves.toEqual({
      exitCode: 0,
      stdout: [
        'allowed: GET /kapacitor/v1/tasks/cpu',
        '',
        'RULE      NEEDS                   HAS IT  BECAUSE',
        'endpoint  read on /api/tasks/cpu  yes     all on /api, by permission api',
        '',
        'amy is a normal user with permissions: api',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('tells what is refused, why, and what would help, and exits with 3', async () => {
    await expect(line.run('explain amy POST /kapacitor/v1/write?db=telegraf')).resolves.toEqual({
      exitCode: 3,
      stdout: [
        'refused (403): user amy does not have "write" privilege for API endpoint "/kapacitor/v1/write"',
        '',
        'RULE      NEEDS                HAS IT  BECAUSE',
        'endpoint  write on /api/write  no      none on /api/write, by permission api',
        '',
        'amy is a normal user with permissions: api',
        'any of these permissions would allow it: write_points, all',
        'this grant would allow it: write:database/telegraf',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('shows the rule of the database', async () => {
    await line.add('bob --permissions write_points');
    const { stdout } = await line.run('explain bob POST /write?db=telegraf');
    expect(stdout).toContain('database  write on /database/telegraf  yes     write on /database');
  });

  it('tells what is ambiguous about a path', async () => {
    await expect(line.run('explain amy GET /kapacitor/v1/../config')).resolves.toEqual({
      exitCode: 3,
      stdout: 'refused (400): ambiguous path: it holds a dot segment\n',
      stderr: '',
    });
  });

  it.each([
    ['get /kapacitor/v1/tasks', 'allowed: GET /kapacitor/v1/tasks'],
    ['GET http://127.0.0.1:9092/kapacitor/v1/tasks', 'allowed: GET /kapacitor/v1/tasks'],
    ['GET http://127.0.0.1:9092', 'allowed: GET /'],
    ['GET http://127.0.0.1/a/../b', 'refused (400)'],
    ['OPTIONS /kapacitor/v1/config', 'endpoint  nothing  yes     the method needs no privilege'],
  ])('understands %s', async (request, told) => {
    expect((await line.run(`explain amy ${request}`)).stdout).toContain(told);
  });

  it('tells the same to scripts', async () => {
    const { exitCode, stdout } = await line.run('explain amy GET /kapacitor/v1/config --json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      user: { name: 'amy', permissions: ['api'] },
      allowed: false,
      refusal: { code: 'ERR_KAUTH_FORBIDDEN', status: 403 },
      rules: [{ rule: 'endpoint', entry: { resource: '/api/config', privileges: ['none'] } }],
      remedies: ['config_api', 'all'],
    });
  });

  it('says that nobody is asked while authentication is off', async () => {
    line.config = join(line.folder, 'off.conf');
    writeFileSync(line.config, '[http]\nauth-enabled = false\n');
    const { exitCode, stdout } = await line.run('explain nobody GET /kapacitor/v1/config');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ADMIN_USER is who everybody is while http.auth-enabled is false\n');
  });

  it.each([
    ['explain zoe GET /', 1, 'there is no user "zoe" in'],
    ['explain amy G(T /', 2, 'a method is a word such as GET'],
    ['explain amy GET', 2, "missing required argument 'path'"],
    ['explain amy GET / --store missing.db', 1, 'there are no users at'],
  ])('%s exits with %d', async (words, exitCode, problem) => {
    const outcome = await line.run(words);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(problem);
  });

  it('stands out at a terminal, and only there', async () => {
    const words = 'explain amy GET /kapacitor/v1/config';
    const { stdout } = await line.runAt(new MemoryTerminal(), words);
    expect(stdout).toContain('\u001b[31mrefused\u001b[39m (403)');
    expect((await line.run(words)).stdout).not.toContain('\u001b');
  });

  it('cannot look up users of a meta node that is down', async () => {
    line.config = join(line.folder, 'meta.conf');
    writeFileSync(line.config, '[auth]\nmeta-addr = "127.0.0.1:1"\n');
    const { exitCode, stderr } = await line.run('explain amy GET /');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('meta node');
  });

  it('explains users of a meta node, who have their permissions there', async () => {
    const permissions = { telegraf: ['WriteData'] };
    const node = await startMetaStandIn({ users: [{ name: 'max', hash: '', permissions }] });
    line.config = join(line.folder, 'meta.conf');
    writeFileSync(line.config, `[auth]\nmeta-addr = "${node.address}"\n`);
    const { stdout } = await line.run('explain max POST /write?db=telegraf');
    const shown = await line.run('users show max');
    await node.stop();
    expect(stdout).toContain('write on /database/telegraf, by the meta node\n');
    expect(stdout).toContain('max is a user of a meta node\n');
    expect(shown.stdout).toContain(`KEPT IN      the meta node at ${node.address}\n`);
  });
});
