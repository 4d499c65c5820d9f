import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditFile } from '../../lib/server/audit-file.js';
import { runWithLib } from '../support/lib-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

describe('a file of the audit log', () => {
  it('says once that lines are lost, until they are no more', async () => {
    // A limit of 1024 bytes for files, with which a write fails as it does on a full disk.
    const told = await runWithLib({
      wrapper: ['/bin/sh', '-c', 'ulimit -f 1; trap "" XFSZ; exec "$@"', '-'],
      script: `
        const { AuditFile } = lib('server/audit-file.js');
        const { truncateSync } = require('node:fs');
        const [path] = args;
        const told = [];
        const file = new AuditFile(path, (problem) => told.push(problem));
        const line = 'x'.repeat(400) + '\\n';
        for (let count = 0; count < 20; count += 1) file.write(line);
        truncateSync(path);
        file.write(line);
        for (let count = 0; count < 20; count += 1) file.write(line);
        file.close();
        console.log(JSON.stringify(told));`,
      args: [join(folder, 'full.log')],
    });
    expect(told).toEqual(['the audit log loses lines: EFBIG', 'the audit log loses lines: EFBIG']);
  });

  it('takes nothing once it is closed', () => {
    const path = join(folder, 'closed.log');
    const file = new AuditFile(path, () => undefined);
    file.write('first\n');
    file.close();
    file.write('second\n');
    file.reopen();
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('first\n');
  });
});
