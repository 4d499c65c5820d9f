import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnWithLib } from '../support/lib-process.js';
import { describePostgres } from '../support/postgres.js';
import { rounds } from '../support/runs.js';
import { askServer, SERVER } from './asked-server.js';
import { ANY_FAILURE, openInstances } from './postgres-instances.js';

// The process of a spec is killed after 25 s.
const STOPS = rounds({ usual: 3, nightly: 15 });

describePostgres('a process over PostgreSQL that stood still', (server) => {
  const { open } = openInstances();

  it('judges its first requests by what changed meanwhile', async () => {
    const url = await server().newDatabase();
    const writer = await open(url);
    await writer.create('amy', 'pw 0');
    const child = spawnWithLib({
      script: SERVER,
      args: [JSON.stringify({ type: 'postgres', url })],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(line.toString());
      for (let stop = 0; stop < STOPS; stop += 1) {
        const [before, after] = [`pw ${String(stop)}`, `pw ${String(stop + 1)}`];
        expect(await askServer(port, 'amy', before)).toBe('admin');
        expect(await askServer(port, 'amy', before)).toBe('admin');
        child.kill('SIGSTOP');
        await writer.setPassword('amy', after);
        await delay(ANY_FAILURE);
        const asked = Array.from({ length: 20 }, () => askServer(port, 'amy', before));
        const anew = askServer(port, 'amy', after);
        await delay(100);
        child.kill('SIGCONT');
        expect([...new Set(await Promise.all(asked))]).toEqual(['ERR_KAUTH_FAILED']);
        expect(await anew).toBe('admin');
      }
    } finally {
      child.kill('SIGKILL');
    }
  });
});
