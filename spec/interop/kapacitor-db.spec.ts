import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { KapacitorDbError } from '../../lib/errors.js';
import { readKapacitorBackup, readKapacitorDb } from '../../lib/kapacitor-db/read-kapacitor-db.js';
import { sample, sampleNames, SAMPLES } from '../kapacitor-db/samples.js';
import { describeInstalled } from '../support/describe-installed.js';
import { rounds } from '../support/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SOURCE = join(SAMPLES, 'generate');
const CACHE = join(__dirname, '../../node_modules/.cache/kapacitor-auth');

/** Long enough to fetch and compile bbolt. */
const BUILD = 600_000;

const READINGS = rounds({ usual: 8, nightly: 400 });

describeInstalled('go', 'databases that bbolt itself writes', (go) => {
  const program = join(CACHE, `kapacitor-db-${String(process.pid)}`);
  const folder = temporaryFolder();

  beforeAll(() => {
    mkdirSync(CACHE, { recursive: true });
    const words = ['build', '-trimpath', '-buildvcs=false', '-o', program, '.'];
    execFileSync(go, words, { cwd: SOURCE, env: { ...process.env, CGO_ENABLED: '0' } });
  }, BUILD);

  afterAll(() => {
    rmSync(program, { force: true });
  });

  it('are what the fixtures hold', async () => {
    cpSync(join(SAMPLES, 'samples.json'), join(folder, 'samples.json'));
    execFileSync(program, ['samples', folder]);
    for (const name of sampleNames) {
      const made = gunzipSync(readFileSync(join(folder, `${name}.db.gz`)));
      const [one, other] = [
        await readKapacitorBackup(made, name),
        await readKapacitorBackup(sample(name), name),
      ];
      expect([name, one]).toEqual([name, other]);
    }
  });

  it('are read while they are written: all users are of one transaction, or the reading is given up', async () => {
    const file = join(folder, 'live.db');
    const writer = spawn(program, ['live', file, '200', '30ms']);
    const lines = createInterface(writer.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('writing');
    const states = new Set<string>();
    let givenUp = 0;
    for (let reading = 0; reading < READINGS; reading += 1) {
      const content = await readKapacitorDb(file).catch((error: unknown) => error as Error);
      if (content instanceof Error) {
        expect(content).toBeInstanceOf(KapacitorDbError);
        expect(content.message).toContain('was changed by Kapacitor during each of 20 readings');
        givenUp += 1;
        continue;
      }
      const grants = new Set(content.users.map((user) => user.grants.join()));
      expect([content.users.length, grants.size]).toEqual([200, 1]);
      states.add([...grants].join());
    }
    writer.stdin.end();
    await once(writer, 'exit');
    expect(Number((await lines.next()).value)).toBeGreaterThan(states.size);
    expect(states.size + givenUp).toBeGreaterThan(0);
  });
});
