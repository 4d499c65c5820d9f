const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Tells at the end of a run how much was generated and repeated: see runs.ts. */
module.exports = class TallyReporter {
  onRunStart() {
    this.file = join(tmpdir(), `kapacitor-auth-tally-${process.pid}`);
    writeFileSync(this.file, '');
    process.env.KAUTH_TALLY = this.file;
  }

  onRunComplete() {
    const counts = new Map();
    for (const line of readFileSync(this.file, 'utf8').trim().split('\n')) {
      const [, count, what] = /^(\d+) (.*)$/.exec(line) ?? [];
      if (what !== undefined) counts.set(what, (counts.get(what) ?? 0) + Number(count));
    }
    rmSync(this.file);
    delete process.env.KAUTH_TALLY;
    const told = [...counts].map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
    if (told.length > 0) process.stderr.write(`Tried:       ${told.join(', ')}\n`);
  }
};
