const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Tells at the end of a run how much was generated and repeated: see runs.ts. */
module.exports = class TallyReporter {
  /** The places of the tests: rows of a table share one. */
  behaviours = new Set();
  cases = 0;

  onTestResult(_test, { testFilePath, testResults }) {
    for (const { status, location } of testResults) {
      if (status !== 'passed' && status !== 'failed') continue;
      this.cases += 1;
      this.behaviours.add(`${testFilePath}:${location?.line}:${location?.column}`);
    }
  }

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
    const shown = [this.behaviours.size, this.cases].map((count) => count.toLocaleString('en'));
    process.stderr.write(`Behaviours:  ${shown[0]}, in ${shown[1]} cases\n`);
    if (told.length > 0) process.stderr.write(`Tried:       ${told.join(', ')}\n`);
  }
};
