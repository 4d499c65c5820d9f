import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Crew } from '../../../lib/server/workers/crew.js';
import { Member } from '../../../lib/server/workers/member.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A worker that does nothing but say that it serves. */
const PROGRAM = `
process.on('message', ({ answer }) => {
  if (answer === 1) process.send({ ask: 2, question: { kind: 'serving' } });
});
process.send({ ask: 1, question: { kind: 'listening', url: 'http://127.0.0.1' } });
`;

const folder = temporaryFolder();
const running = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a crew', () => {
  it.each(['stop', 'kill'] as const)(
    'at its %s does not wait for the time at which a worker is replaced',
    async (end) => {
      const exec = join(folder, 'worker.cjs');
      writeFileSync(exec, PROGRAM);
      let told: (line: string) => void = () => undefined;
      const ended = new Promise<string>((resolve) => (told = resolve));
      let hired = 0;
      const crew = new Crew({
        count: 1,
        logger: pino({ level: 'error' }, { write: told }),
        hire: (answer) => {
          hired += 1;
          cluster.setupPrimary({
            exec,
            args: [],
            execArgv: [],
            stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          });
          const ignore = () => undefined;
          return new Member(cluster.fork(), {
            answer,
            write: ignore,
            writeError: ignore,
            lost: ignore,
          });
        },
        answer: () => undefined,
        onEnd: () => undefined,
      });
      await crew.start();
      await crew.open();
      const before = running();
      for (const member of crew.members) member.kill();
      expect(await ended).toContain('another one starts in 100 ms');
      await turn();
      const waiting = running();
      await crew[end]();
      await turn();
      expect([waiting, running()]).toEqual([before + 1, before]);
      expect(hired).toBe(1);
    },
  );
});
