import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from './command-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('users export', () => {
  let line: CommandLine;
  let backup: string;

  beforeEach(async () => {
    line = new CommandLine();
    backup = join(line.folder, 'backup.json');
    await line.add('root --type admin');
    await line.add('amy --permissions api,write_points');
    await line.add('наталья');
  });

  afterEach(() => {
    line.remove();
  });

  it('writes all users with their hashes, in a form that has a version', async () => {
    const { exitCode, stdout, stderr } = await line.run('users export');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const hash = expect.stringMatching(/^\$2b\$10\$\S{53}$/) as unknown;
    const created = expect.stringMatching(/^20\d\d-.*Z$/) as unknown;
    expect(JSON.parse(stdout)).toEqual({
      version: 2,
      users: [
        { name: 'amy', type: 'normal', permissions: ['api', 'write_points'], hash, created },
        { name: 'root', type: 'admin', permissions: [], hash, created },
        { name: 'наталья', type: 'normal', permissions: [], hash, created },
      ],
    });
  });

  it.each(['other.db', 'other.json'])(
    'comes back from import in another store: %s',
    async (name) => {
      const other = join(line.folder, name);
      const { stdout } = await line.run('users export -');
      const imported = await line.run(`users import - --store ${other}`, stdout);
      expect(imported.exitCode).toBe(0);
      expect((await line.run(`users export --store ${other}`)).stdout).toBe(stdout);
    },
  );

  it('is itself a store', async () => {
    await line.run(`users export ${backup}`);
    const { stdout } = await line.run(`users list --json --store ${backup}`);
    expect(JSON.parse(stdout)).toEqual(await line.users());
  });

  it.each([undefined, 0o644])(
    'writes a file that only its owner may read (where there was one of mode %p)',
    async (mode) => {
      if (mode !== undefined) writeFileSync(backup, 'old', { mode });
      await expect(line.run(`users export ${backup}`)).resolves.toEqual({
        exitCode: 0,
        stdout: `exported 3 users of ${line.store} (sqlite) to ${backup}: it holds password hashes, keep it private\n`,
        stderr: '',
      });
      expect(statSync(backup).mode & 0o777).toBe(0o600);
      expect(readFileSync(backup, 'utf8')).toBe((await line.run('users export')).stdout);
      expect(readdirSync(line.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
  );

  it('warns where hashes come to a screen', async () => {
    const { stdout, stderr } = await line.runAt(new MemoryTerminal(), 'users export');
    expect(stdout).toContain('"version": 2');
    expect(stderr).toMatch(/^kapacitor-auth: these are password hashes on your screen; [^\n]+\n$/);
  });

  it('writes nothing through a link, nor into a folder', async () => {
    const target = join(line.folder, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, backup);
    mkdirSync(join(line.folder, 'folder'));
    for (const path of [backup, join(line.folder, 'folder')]) {
      const { exitCode, stderr } = await line.run(`users export ${path}`);
      expect(exitCode).toBe(1);
      expect(stderr).toBe(`kapacitor-auth: ${path} is not a file\n`);
    }
    expect(readFileSync(target, 'utf8')).toBe('untouched');
  });

  it('leaves nothing behind where it can’t write', async () => {
    const path = join(line.folder, 'missing', 'backup.json');
    const { exitCode, stderr } = await line.run(`users export ${path}`);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `kapacitor-auth: ${path} can't be written: ENOENT: no such file or directory\n`,
    );
  });
});
