import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unprivileged } from '../support/unprivileged.js';
import { CommandLine } from './command-line.js';

/** Needs no users that are there. */
const DRY_IMPORT = 'users import - --dry-run';

const COMMANDS = [
  'users list',
  'users show amy',
  'users export',
  'users rm amy',
  'explain amy GET /kapacitor/v1/tasks',
  'subscriptions list',
  DRY_IMPORT,
];

const BACKUP = JSON.stringify({
  version: 1,
  users: [{ name: 'amy', type: 'normal', permissions: [], hash: `$2b$04$${'a'.repeat(53)}` }],
});

const kindOf = (name: string) => (name.endsWith('.json') ? 'file' : 'database');

describe('a store in a place that is out of reach', () => {
  let line: CommandLine;
  let place: string;

  // Loads all that the commands load, while this process may read this package.
  beforeAll(async () => {
    for (const name of ['users.db', 'users.json']) {
      line = new CommandLine();
      line.store = join(line.folder, name);
      await line.run('users add amy --password-stdin', 'a-password');
      for (const words of COMMANDS) await line.run(words, BACKUP);
      line.remove();
    }
  });

  beforeEach(() => {
    line = new CommandLine();
    chmodSync(line.folder, 0o777);
    place = join(line.folder, 'place');
  });

  afterEach(() => {
    if (existsSync(place)) chmodSync(place, 0o700);
    line.remove();
  });

  async function errorsOf(words: string, name: string, input = BACKUP): Promise<string> {
    line.store = join(place, name);
    const outcome = await unprivileged(() => line.run(words, input));
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    return outcome.stderr;
  }

  describe.each(COMMANDS)('%s', (words) => {
    it.each(['users.db', 'users.json'])(
      'tells a folder that is closed to this user from one without users: %s',
      async (name) => {
        mkdirSync(place);
        writeFileSync(join(place, name), BACKUP);
        chmodSync(place, 0o000);
        expect(await errorsOf(words, name)).toBe(
          `kapacitor-auth: the user ${kindOf(name)} ${line.store} can't be read or written: let this user read the file and write its folder\n` +
            SEE,
        );
      },
    );

    it.each(['users.db', 'users.json'])(
      'tells a folder that is missing from one without users: %s',
      async (name) => {
        expect(await errorsOf(words, name)).toBe(
          `kapacitor-auth: the user ${kindOf(name)} ${line.store} is in a folder that does not exist: make the folder, or set store.path\n` +
            SEE,
        );
        expect(existsSync(place)).toBe(false);
      },
    );

    it('makes nothing if there is the folder alone, and says that there are no users', async () => {
      mkdirSync(place);
      if (words === DRY_IMPORT) {
        line.store = join(place, 'users.db');
        const { exitCode, stdout } = await unprivileged(() => line.run(words, BACKUP));
        expect([exitCode, stdout.includes(`would have added 1 user to ${line.store}`)]).toEqual([
          0,
          true,
        ]);
        expect(readdirSync(place)).toEqual([]);
        return;
      }
      expect(await errorsOf(words, 'users.db')).toContain(`there are no users at ${line.store}`);
      expect(readdirSync(place)).toEqual([]);
    });
  });

  it.each(['users.db', 'users.json'])(
    'can not be made where the folder can not be written: %s',
    async (name) => {
      mkdirSync(place, { mode: 0o555 });
      expect(await errorsOf('users add amy --password-stdin', name, 'a-password')).toBe(
        `kapacitor-auth: the user ${kindOf(name)} ${line.store} can't be made: let this user write its folder\n` +
          SEE,
      );
    },
  );

  it.each([
    ['closed', 0o000],
    ['not to be written', 0o555],
    ['not to be entered', 0o666],
  ])('gets no backup in a folder that is %s', async (_what, mode) => {
    line.store = join(line.folder, 'users.json');
    await unprivileged(() => line.add('amy'));
    mkdirSync(place);
    chmodSync(place, mode);
    const path = join(place, 'backup.json');
    const { exitCode, stderr } = await unprivileged(() => line.run(`users export ${path}`));
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`kapacitor-auth: ${path} can't be written: EACCES: permission denied\n`);
    chmodSync(place, 0o700);
    expect(readdirSync(place)).toEqual([]);
  });
});

const SEE =
  '  see https://github.com/kapacitor-auth/kapacitor-auth/blob/main/docs/troubleshooting.md#err_kauth_store_unavailable\n';
