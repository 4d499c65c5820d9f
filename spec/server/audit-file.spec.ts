import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AuditFile } from '../../lib/server/audit-file.js';
import { runWithLib } from '../support/lib-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

describe('a file of the audit log', () => {
  it('says once that lines are lost, until they are no more', async () => {
    // A limit of 512 bytes for files, with which a write fails as it does on a full disk.
    const outcome = await runWithLib({
      wrapper: ['/bin/sh', '-c', 'ulimit -f 1; trap "" XFSZ; exec "$@"', '-'],
      script: `
        const { AuditFile } = lib('server/audit-file.js');
        const { readFileSync, truncateSync } = require('node:fs');
        const [path] = args;
        const told = [];
        let lost = 0;
        const file = new AuditFile(path, { tell: (problem) => told.push(problem), lost: () => (lost += 1) });
        const line = 'x'.repeat(400) + '\\n';
        for (let count = 0; count < 20; count += 1) file.write(line);
        const whole = readFileSync(path, 'utf8').split('\\n').filter((each) => each !== line.trim());
        truncateSync(path, 300);
        file.write('after\\n');
        const after = readFileSync(path, 'utf8').split('\\n').slice(-2);
        const gaps = readFileSync(path, 'utf8').split('\\n').filter((each) => each.includes('"lost"'));
        truncateSync(path);
        file.write(line);
        for (let count = 0; count < 20; count += 1) file.write(line);
        truncateSync(path);
        file.close();
        gaps.push(...readFileSync(path, 'utf8').split('\\n').filter((each) => each.includes('"lost"')));
        console.log(JSON.stringify({ told, lost, after, gaps: gaps.map((each) => JSON.parse(each)), whole: whole.map(({ length }) => length) }));`,
      args: [join(folder, 'full.log')],
    });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown;
    const gap = { level: 40, time, event: 'lost', since: time, msg: 'audit' };
    expect(outcome).toEqual({
      told: ['the audit log loses lines: EFBIG', 'the audit log loses lines: EFBIG'],
      lost: 39,
      // A line of which the disk took a part does not take the next one with it.
      after: ['after', ''],
      // The file tells where lines are missing: before the next one, or at its end.
      gaps: [
        { ...gap, lost: 19 },
        { ...gap, lost: 20 },
      ],
      whole: [111],
    });
  });

  it('loses no line that lacks only its end', async () => {
    const outcome = await runWithLib({
      wrapper: ['/bin/sh', '-c', 'ulimit -f 1; trap "" XFSZ; exec "$@"', '-'],
      script: `
        const { FileLines } = lib('server/file-lines.js');
        const { openSync, readFileSync, truncateSync } = require('node:fs');
        const [path] = args;
        const file = openSync(path, 'a');
        const lines = new FileLines();
        const count = (text) => {
          const { whole, failure } = lines.write(file, text);
          return [whole, failure?.code];
        };
        const counts = [count('x'.repeat(512) + '\\n')];
        truncateSync(path, 500);
        counts.push(count('a\\nb\\n' + 'y'.repeat(7) + '\\nlost\\n'));
        truncateSync(path, 400);
        counts.push(count('after\\n'));
        console.log(JSON.stringify({ counts, end: readFileSync(path, 'utf8').slice(399) }));`,
      args: [join(folder, 'exact.log')],
    });
    expect(outcome).toEqual({
      counts: [
        [1, null],
        [3, 'EFBIG'],
        [1, null],
      ],
      end: 'x\nafter\n',
    });
  });

  it('is warned about where others may read it, at its start and when it begins anew', () => {
    const path = join(folder, 'open.log');
    const told: string[] = [];
    const listeners = { tell: (problem: string) => void told.push(problem), lost: () => undefined };
    writeFileSync(path, '', { mode: 0o600 });
    chmodSync(path, 0o640);
    const file = new AuditFile(path, listeners);
    expect(told).toEqual([expect.stringContaining('open to others: set its mode to 0600')]);
    chmodSync(path, 0o600);
    file.reopen();
    expect(told).toHaveLength(1);
    file.close();
  });

  it('does not wait for the reader of a pipe, at its start or later', () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    let lost = 0;
    const listeners = { tell: () => undefined, lost: () => void (lost += 1) };
    expect(() => new AuditFile(path, listeners)).toThrow('ENXIO');
    // Linux lets one process read and write a pipe: this one reads nothing of it.
    const reader = openSync(path, 'r+');
    const file = new AuditFile(path, listeners);
    for (let count = 0; count < 20; count += 1) file.write(`${'x'.repeat(9_999)}\n`);
    expect(lost).toBeGreaterThan(0);
    file.close();
    closeSync(reader);
  });

  it('takes nothing once it is closed', () => {
    const path = join(folder, 'closed.log');
    const file = new AuditFile(path, { tell: () => undefined, lost: () => undefined });
    file.write('first\n');
    file.close();
    file.write('second\n');
    file.reopen();
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('first\n');
  });

  it.each(['is opened', 'is opened anew'])(
    'begins a line of its own if the file ends within one when it %s',
    (when) => {
      const path = join(folder, `${when}.log`);
      writeFileSync(path, when === 'is opened' ? '{"half' : '', { mode: 0o600 });
      const file = new AuditFile(path, { tell: () => undefined, lost: () => undefined });
      if (when !== 'is opened') {
        file.write('whole\n');
        appendFileSync(path, '{"half');
        file.reopen();
      }
      file.write('first\n');
      file.write('second\n');
      file.close();
      expect(readFileSync(path, 'utf8')).toMatch(/^(?:whole\n)?\{"half\nfirst\nsecond\n$/);
    },
  );
});
