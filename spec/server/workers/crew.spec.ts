import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Crew } from '../../../lib/server/workers/crew.js';
import { Member } from '../../../lib/server/workers/member.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

/** A worker that does nothing but say that it serves, and then the last. */
const program = (last: string) => `
process.on('message', ({ answer }) => {
  if (answer === 1) process.send({ ask: 2, question: { kind: 'serving' } });
  if (answer === 2) process.send({ ask: 3, question: ${last} });
  if (answer === 3 && ${last}.kind === 'failed') process.exit();
});
process.send({ ask: 1, question: { kind: 'listening', url: 'http://127.0.0.1' } });
`;

const WHOLE = `{ kind: 'whole' }`;
const FAILED = `{ kind: 'failed', text: 'a part is missing' }`;

const folder = temporaryFolder();
const exec = join(folder, 'worker.cjs');
const running = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a crew', () => {
  let crew: Crew;
  let hired: number;
  let log: string[];

  beforeEach(() => {
    hired = 0;
    log = [];
    crew = new Crew({
      count: 1,
      logger: pino({ level: 'error' }, { write: (line) => void log.push(line) }),
      hire: (answer) => {
        hired += 1;
        const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
        cluster.setupPrimary({ exec, args: [], execArgv: [], stdio: [...stdio] });
        const ignore = () => undefined;
        const hooks = { answer, write: ignore, writeError: ignore, lost: ignore };
        return new Member(cluster.fork(), hooks);
      },
      answer: () => undefined,
      onEnd: () => undefined,
    });
  });

  /** Waits for a line of its log. */
  async function told(text: string): Promise<void> {
    await until(`the log says: ${text}`, () => log.some((line) => line.includes(text)));
  }

  it.each(['stop', 'kill'] as const)(
    'at its %s does not wait for the time at which a worker is replaced',
    async (end) => {
      writeFileSync(exec, program(WHOLE));
      await crew.start();
      await crew.open();
      const before = running();
      for (const member of crew.members) member.kill();
      await told('another one starts in 100 ms');
      await turn();
      const waiting = running();
      await crew[end]();
      await turn();
      expect([waiting, running()]).toEqual([before + 1, before]);
      expect(hired).toBe(1);
    },
  );

  it('replaces no worker that could not load all that it needs at the first start', async () => {
    writeFileSync(exec, program(FAILED));
    await crew.start();
    await crew.open();
    await expect(crew.whole).rejects.toThrow('a part is missing');
    const { members } = crew;
    await crew.stop();
    await Promise.all(members.map(({ closed }) => closed));
    await turn();
    expect(hired).toBe(1);
  });

  it('goes on to replace one that can not load it later, and tells why', async () => {
    writeFileSync(exec, program(WHOLE));
    await crew.start();
    await crew.open();
    await crew.whole;
    const [first] = crew.members;
    writeFileSync(exec, program(FAILED));
    first?.kill();
    await told('a worker ended (SIGKILL)');
    await told('a worker ended (a part is missing); another one starts in ');
    await crew.stop();
  });
});
